/** The banners of support sessions, on both sides. */

import { useSubscription } from '@apollo/client/react';
import { Alert, Button, Group, Text } from '@mantine/core';
import { IconEye } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useViewer } from '../data/live-context.ts';
import { startAgain } from '../data/support.ts';
import { useFormat } from '../i18n/use-format.ts';
import { SupportSessionsDocument } from '../screens/access/documents.ts';
import { useLeaveSupport } from './use-leave-support.ts';

/** In a support session: whose panel this is, until when, and how to leave. */
export function SupportBanner() {
  const { t } = useTranslation('access');
  const format = useFormat();
  const { reseller, support } = useViewer();
  const { isLeaving, leave } = useLeaveSupport();
  const expiresAt = support?.expiresAt;
  useEffect(() => {
    if (expiresAt === undefined) return;
    // The cookie is over with it: whoever goes on does so as oneself.
    const timer = setTimeout(startAgain, Math.max(0, Date.parse(expiresAt) - Date.now()));
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

/** In the panel itself: that it is looked at, and why. */
export function SeenBanner() {
  const { t } = useTranslation('access');
  const format = useFormat();
  const { data } = useSubscription(SupportSessionsDocument, { fetchPolicy: 'no-cache' });
  // That one's time is over is pushed to nobody.
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

/** The time, told anew when the first of these has come. */
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
