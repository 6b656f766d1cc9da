/** The day's reminders, to be sent by WhatsApp one by one and marked as sent (R58). */

import { useQuery } from '@apollo/client/react';
import { Anchor, Stack, Text, Title } from '@mantine/core';
import { IconMessageCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { askAgain } from '../../data/ask-again.ts';
import { useMay, useOnReconnect } from '../../data/live-context.ts';
import type { MessageRowFragment } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Page } from '../../ui/page.tsx';
import { CardsSkeleton } from '../../ui/skeletons.tsx';
import { MessagesDocument } from './documents.ts';
import { MessageCard } from './message-card.tsx';
import classes from './messages.module.css';

/** More than a person sends without an update of the list. Unsent messages come first. */
const SHOWN = 100;
const CARD_HEIGHT = 150;
/** The list is fetched again while it is open, because messages become due by time and two people may work on it. */
const POLL_EVERY_MS = 30_000;

export function MessagesScreen() {
  const { t } = useTranslation('messages');
  const format = useFormat();
  const { owner } = useMay();
  const { data, error, observable } = useQuery(MessagesDocument, {
    variables: { first: SHOWN },
    fetchPolicy: 'cache-and-network',
    pollInterval: POLL_EVERY_MS,
    skipPollAttempt: () => document.hidden,
  });
  const again = () => askAgain(observable);
  useOnReconnect(again);
  const queue = data?.viewer.messageQueue;
  const rules = owner ? (
    <Anchor component={Link} to="/settings/reminders" size="sm">
      {t('rules')}
    </Anchor>
  ) : null;
  if (error && !queue) return <Failure onRetry={again} />;
  if (!queue) {
    return (
      <Page title={t('title')}>
        <CardsSkeleton height={CARD_HEIGHT} />
      </Page>
    );
  }
  const waiting = queue.filter(({ sentAt }) => sentAt === null);
  const sent = queue.filter(({ sentAt }) => sentAt !== null);
  const more = Math.max(0, (data.viewer.messagesWaiting ?? 0) - waiting.length);
  return (
    <Page title={t('titleCounted', { amount: format.number(waiting.length + more) })} actions={rules}>
      {waiting.length === 0 ? (
        <EmptyState icon={IconMessageCheck} title={t(sent.length > 0 ? 'allSent' : 'none')}>
          {t('noneText')}
        </EmptyState>
      ) : (
        <List label={t('waiting')} messages={waiting} onDone={again} />
      )}
      {more > 0 ? (
        <Text size="sm" c="dimmed">
          {t('more', { amount: format.number(more) })}
        </Text>
      ) : null}
      {sent.length > 0 ? (
        <Stack gap="xs">
          <Title order={2} size="h4">
            {t('sent', { amount: format.number(sent.length) })}
          </Title>
          <List label={t('sentList')} messages={sent} onDone={again} />
        </Stack>
      ) : null}
    </Page>
  );
}

function List({ label, messages, onDone }: { label: string; messages: readonly MessageRowFragment[]; onDone: () => void }) {
  return (
    <ul className={classes.list} aria-label={label}>
      {messages.map((message) => (
        <MessageCard key={message.id} message={message} onDone={onDone} />
      ))}
    </ul>
  );
}
