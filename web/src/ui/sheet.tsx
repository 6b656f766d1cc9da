/** A short table on a sheet of its own. */

import { Paper, Table, type TableProps } from '@mantine/core';

/** A short table on a sheet of its own. */
export function Sheet(props: TableProps) {
  return (
    <Paper withBorder style={{ overflowX: 'auto' }}>
      <Table verticalSpacing="xs" {...props} />
    </Paper>
  );
}
