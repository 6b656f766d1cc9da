/** The list of a person's open sessions. */

import { useApolloClient } from '@apollo/client/react';
import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useIntent } from '../../data/use-intent.ts';
import type { RevokeSessionInput, SecurityQuery } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { notifyDone, notifyProblem } from '../../ui/notify.ts';
import { useRefusalText } from '../../ui/use-refusal-text.ts';
import { RevokeOtherSessionsDocument, RevokeSessionDocument } from './documents.ts';
import { Section } from './section.tsx';

type Session = NonNullable<SecurityQuery['viewer']['sessions']>[number];

export function Sessions({ sessions, onChange }: { sessions: readonly Session[]; onChange: () => void }) {
  const { t } = useTranslation('settings');
  return (
    <Section title={t('sessions.title')} text={t('sessions.text')} aside={sessions.length > 1 ? <EndOthers onDone={onChange} /> : null}>
      <Stack gap="xs" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
        {sessions.map((session) => (
          <Row key={session.id} session={session} onEnded={onChange} />
        ))}
      </Stack>
    </Section>
  );
}

function EndOthers({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation('settings');
  const { t: common } = useTranslation();
  const apollo = useApolloClient();
  const [isSending, setSending] = useState(false);
  // Ending sessions twice has no further effect, so the mutation can simply be repeated.
  const end = async () => {
    setSending(true);
    try {
      const { data } = await apollo.mutate({ mutation: RevokeOtherSessionsDocument });
      notifyDone(t('sessions.endedOthers', { count: data?.revokeOtherSessions.endedSessions ?? 0 }));
      onDone();
    } catch {
      notifyProblem(common('failure.unreachable'));
    }
    setSending(false);
  };
  return (
    <Button size="xs" variant="default" loading={isSending} onClick={end}>
      {t('sessions.endOthers')}
    </Button>
  );
}

function Row({ session: { id, createdAt, current, userAgent, address }, onEnded }: { session: Session; onEnded: () => void }) {
  const { t } = useTranslation('settings');
  const format = useFormat();
  const refusalText = useRefusalText();
  const intent = useIntent(
    async (apollo, input: RevokeSessionInput) =>
      (await apollo.mutate({ mutation: RevokeSessionDocument, variables: { input } })).data?.revokeSession,
    {
      onDone: () => {
        notifyDone(t('sessions.ended'));
        onEnded();
      },
      title: t('sessions.endOf', { since: format.dayAndTime(createdAt) }),
      onRefused: (refusal) => notifyProblem(refusalText(refusal)),
    },
  );
  const since = format.dayAndTime(createdAt);
  return (
    <Group component="li" justify="space-between" wrap="nowrap" gap="sm">
      <div style={{ minWidth: 0 }}>
        <Text size="sm" fw={500} truncate title={userAgent ?? undefined}>
          {programOf(userAgent) ?? t('sessions.unknown')}
        </Text>
        <Text size="xs" c="dimmed">
          {[address, t('sessions.since', { since })].filter(Boolean).join(' · ')}
        </Text>
      </div>
      {current ? (
        <Badge variant="light" style={{ flexShrink: 0 }}>
          {t('sessions.current')}
        </Badge>
      ) : (
        <Button
          size="compact-sm"
          variant="subtle"
          color="red"
          style={{ flexShrink: 0 }}
          aria-label={t('sessions.endOf', { since })}
          loading={intent.isSending}
          onClick={() => intent.send(() => ({ sessionId: id }))}
        >
          {t('sessions.end')}
        </Button>
      )}
    </Group>
  );
}

const BROWSERS = [
  ['Edg/', 'Edge'],
  ['OPR/', 'Opera'],
  ['Firefox/', 'Firefox'],
  ['Chrome/', 'Chrome'],
  ['Safari/', 'Safari'],
] as const;
const SYSTEMS = [
  ['Android', 'Android'],
  ['iPhone', 'iPhone'],
  ['iPad', 'iPad'],
  ['Windows', 'Windows'],
  ['Mac OS', 'macOS'],
  ['Linux', 'Linux'],
] as const;

/** The browser and system, to tell a phone from a computer. Unknown programs are shown by their full user agent. */
function programOf(userAgent: string | null | undefined): string | null {
  if (!userAgent) return null;
  const browser = BROWSERS.find(([mark]) => userAgent.includes(mark))?.[1];
  const system = SYSTEMS.find(([mark]) => userAgent.includes(mark))?.[1];
  return browser ? [browser, system].filter(Boolean).join(' · ') : userAgent;
}
