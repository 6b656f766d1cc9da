/** A link with the number of messages to send today. */

import { useQuery } from '@apollo/client/react';
import { IconMessageCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useOnReconnect } from '../../data/live-context.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { MessagesWaitingDocument } from './documents.ts';
import classes from './home.module.css';

/** Messages become due by time, without another event. */
const POLL_EVERY_MS = 60_000;

/** Renders nothing if there are no messages to send. */
export function MessagesToday() {
  const { t } = useTranslation('home');
  const format = useFormat();
  const { data, refetch } = useQuery(MessagesWaitingDocument, {
    fetchPolicy: 'cache-and-network',
    pollInterval: POLL_EVERY_MS,
    skipPollAttempt: () => document.hidden,
  });
  useOnReconnect(() => {
    refetch().catch(() => {});
  });
  const waiting = data?.viewer.messagesWaiting ?? 0;
  if (waiting === 0) return null;
  return (
    <Link to="/messages" className={classes.messages}>
      <IconMessageCircle size={18} aria-hidden />
      <span>{t('messages', { amount: format.number(waiting) })}</span>
    </Link>
  );
}
