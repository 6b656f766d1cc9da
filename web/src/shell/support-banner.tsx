/** The banners of support sessions, for the visitor and for the visited panel. */

import { useSubscription } from '@apollo/client/react';
import { Alert, Button, Group, Text } from '@mantine/core';
import { IconEye } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useViewer } from '../data/live-context.ts';
import { reloadAtStart } from '../data/support.ts';
import { useFormat } from '../i18n/use-format.ts';
import { SupportSessionsDocument } from '../screens/access/documents.ts';
import { useLeaveSupport } from './use-leave-support.ts';

/** Shown in a support session: whose panel this is, when the session ends, and how to leave it. */
export function SupportBanner() {
  const { t } = useTranslation('access');
  const format = useFormat();
  const { reseller, support } = useViewer();
  const { isLeaving, leave } = useLeaveSupport();
  const expiresAt = support?.expiresAt;
  useEffect(() => {
    if (expiresAt === undefined) return;
    // The support cookie expires at that time, so the person continues in their own session.
    const timer = setTimeout(reloadAtStart, Math.max(0, Date.parse(expiresAt) - Date.now()));
    return () => clearTimeout(timer);
  }, [expiresAt]);
  if (!support) return null;
  return (
    <Alert color="violet" mb="md" icon={<IconEye aria-hidden />} data-testid="support-banner">
      <Group justify="space-between" gap="sm">
        <div>
          <Text size="sm" fw={600}>
            {t('support.banner', { name: reseller?.name ?? '', until: format.dayAndTime(support.expiresAt) })}
          </Text>
          <Text size="sm" className="typed">
            {t('support.because', { reason: support.reason })}
          </Text>
        </div>
        <Button size="xs" color="violet" loading={isLeaving} onClick={leave}>
          {t('support.leave')}
        </Button>
      </Group>
    </Alert>
  );
}

/** Shown in the visited panel: who is viewing it, and why. */
export function VisitedBanner() {
  const { t } = useTranslation('access');
  const format = useFormat();
  const { data } = useSubscription(SupportSessionsDocument, { fetchPolicy: 'no-cache' });
  // The server pushes nothing when a session expires.
  const nowMs = useNextEnd(data?.supportSessionsChanged.map(({ expiresAt }) => Date.parse(expiresAt)) ?? []);
  const open = data?.supportSessionsChanged.filter(({ expiresAt }) => Date.parse(expiresAt) > nowMs);
  return open?.map(({ openedBy, reason, expiresAt }) => (
    <Alert key={expiresAt} color="violet" mb="md" icon={<IconEye aria-hidden />} data-testid="seen-banner">
      <Text size="sm" fw={600}>
        {t(openedBy === 'PLATFORM' ? 'support.seen_PLATFORM' : 'support.seen_PARENT', { until: format.dayAndTime(expiresAt) })}
      </Text>
      <Text size="sm" className="typed">
        {t('support.because', { reason })}
      </Text>
    </Alert>
  ));
}

/** The current time, updated at the next of these times. */
function useNextEnd(endsMs: readonly number[]): number {
  const [nowMs, setNow] = useState(Date.now);
  const nextMs = Math.min(...endsMs.filter((endMs) => endMs > nowMs));
  useEffect(() => {
    if (!Number.isFinite(nextMs)) return;
    const timer = setTimeout(() => setNow(Date.now()), Math.max(0, nextMs - Date.now()));
    return () => clearTimeout(timer);
  }, [nextMs]);
  return nowMs;
}
