/** Shows whether the connection to the server is live. */

import { Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useConnectionState, useViewer } from '../data/live-context.ts';

const COLORS = { live: 'teal.6', connecting: 'yellow.6', offline: 'red.6' } as const;

/** Whether what is on the screen is what is. The platform has no panel, so nothing of its screens is live: only that there is no network is worth a word. */
export function ConnectionBadge() {
  const { t } = useTranslation();
  const state = useConnectionState();
  const hasPanel = useViewer().reseller !== null;
  if (!hasPanel && state !== 'offline') return null;
  const label = t(`connection.${state}`);
  return (
    <Group gap={6} wrap="nowrap" role="status" aria-label={label} title={label} data-testid="connection" data-state={state}>
      <Text span c={COLORS[state]} lh={1} aria-hidden>
        ●
      </Text>
      <Text size="xs" c="dimmed" visibleFrom={state === 'live' ? 'md' : undefined} aria-hidden>
        {label}
      </Text>
    </Group>
  );
}
