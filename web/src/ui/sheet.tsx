/** A short table on its own sheet. */

import { Paper, Table, type TableProps } from '@mantine/core';

interface Props extends TableProps {
  /** The label for keyboard scrolling. Set it if the table may be wider than the screen and has no focusable element. */
  readonly scrolledAs?: string;
}

/** A short table on its own sheet. */
export function Sheet({ scrolledAs, ...props }: Props) {
  const scrolled = scrolledAs === undefined ? {} : { tabIndex: 0, role: 'region', 'aria-label': scrolledAs };
  return (
    <Paper withBorder style={{ overflowX: 'auto' }} {...scrolled}>
      <Table verticalSpacing="xs" {...props} />
    </Paper>
  );
}
