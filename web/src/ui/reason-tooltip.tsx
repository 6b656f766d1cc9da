/** A tooltip that says why something is off. It is a separate chunk, because it is rarely needed. */

import { Tooltip } from '@mantine/core';
import type { ReactElement } from 'react';

export function ReasonTooltip({ why, children }: { why: string; children: ReactElement }) {
  return (
    <Tooltip label={why} multiline maw={280} events={{ hover: true, focus: true, touch: true }}>
      {children}
    </Tooltip>
  );
}
