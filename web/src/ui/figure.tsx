/** A card that shows one number with its label. */

import { Paper, Skeleton, Text } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props {
  readonly label: string;
  /** null while it is loading. */
  readonly value: string | null;
  readonly note?: ReactNode;
  readonly color?: string;
}

/** A card with one important number and its label. */
export function Figure({ label, value, note, color }: Props) {
  return (
    <Paper withBorder p="sm">
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      {value === null ? (
        <Skeleton h={24} w={80} my={6} />
      ) : (
        <Text fz={24} fw={650} lh={1.4} c={color} className="numbers">
          {value}
        </Text>
      )}
      {value === null && note === null ? <Skeleton h={9} w={110} my={5} /> : null}
      {note ? (
        <Text size="xs" c="dimmed" component="div">
          {note}
        </Text>
      ) : null}
    </Paper>
  );
}
