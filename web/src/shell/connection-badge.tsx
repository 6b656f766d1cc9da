/** Shows whether the connection to the server is live. */

import { Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useConnectionState, useViewer } from '../data/live-context.ts';

const COLORS = { live: 'teal.6', connecting: 'yellow.6', offline: 'red.6' } as const;

/**
 * Shows whether the data on the screen is current. The platform has no panel, and its screens have no live data. For the
 * platform it therefore shows only that there is no network.
 */
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
