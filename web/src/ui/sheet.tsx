/** A short table on a sheet of its own. */

import { Paper, Table, type TableProps } from '@mantine/core';

interface Props extends TableProps {
  /** Of a table that may be wider than the screen and has nothing in it to go to: what it is called when the keyboard comes to scroll it. */
  readonly scrolledAs?: string;
}

/** A short table on a sheet of its own. */
export function Sheet({ scrolledAs, ...props }: Props) {
  const scrolled = scrolledAs === undefined ? {} : { tabIndex: 0, role: 'region', 'aria-label': scrolledAs };
  return (
    <Paper withBorder style={{ overflowX: 'auto' }} {...scrolled}>
      <Table verticalSpacing="xs" {...props} />
    </Paper>
  );
}
