/** A banner that says since when the numbers on the screen are no longer live. */

import { Alert } from '@mantine/core';
import { IconCloudOff } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useConnectionState, useViewer } from '../data/live-context.ts';
import { useFormat } from '../i18n/use-format.ts';

/** The banner appears only if the connection is lost for longer than this. */
const PATIENCE_MS = 3_000;

/** When the connection was lost; null if it is live, or was lost only a moment ago. */
export function useStaleSince(): string | null {
  const state = useConnectionState();
  const hasPanel = useViewer().reseller !== null;
  const [since, setSince] = useState<string | null>(null);
  const isLost = state === 'offline' || (hasPanel && state === 'connecting');
  useEffect(() => {
    if (!isLost) return setSince(null);
    const lostAt = new Date().toISOString();
    const timer = setTimeout(() => setSince(lostAt), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [isLost]);
  // With this attribute the style sheet marks every number on the page.
  useEffect(() => {
    document.documentElement.toggleAttribute('data-stale', since !== null);
    return () => document.documentElement.removeAttribute('data-stale');
  }, [since]);
  return since;
}

export function StaleBanner({ since }: { since: string | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div role="status" data-testid="stale">
      {since === null ? null : (
        <Alert color="orange" mb="md" icon={<IconCloudOff aria-hidden />}>
          {t('connection.stale', { time: format.time(since) })}
        </Alert>
      )}
    </div>
  );
}
