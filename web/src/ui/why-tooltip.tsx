/** A tooltip that says why something is off: a chunk of its own, which hardly anybody needs. */

import { Tooltip } from '@mantine/core';
import type { ReactElement } from 'react';

export function WhyTooltip({ why, children }: { why: string; children: ReactElement }) {
  return (
    <Tooltip label={why} multiline maw={280} events={{ hover: true, focus: true, touch: true }}>
      {children}
    </Tooltip>
  );
}
