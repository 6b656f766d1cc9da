/** One message: one button opens it in WhatsApp, another marks it as sent and moves it to the other list. */

import { Anchor, Button, Group, Text } from '@mantine/core';
import { IconArrowBackUp, IconBrandWhatsapp, IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useMay } from '../../data/live-context.ts';
import { useIntent } from '../../data/use-intent.ts';
import type { MarkMessageSentInput, MessageRowFragment } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { notifyProblem } from '../../ui/notify.ts';
import { useRefusalText } from '../../ui/use-refusal-text.ts';
import { MarkMessageSentDocument } from './documents.ts';
import classes from './messages.module.css';

export function MessageCard({ message, onDone }: { message: MessageRowFragment; onDone: () => void }) {
  const { t } = useTranslation('messages');
  const format = useFormat();
  const may = useMay();
  const refusalText = useRefusalText();
  /** After the return from WhatsApp, marking as sent becomes the main button. */
  const [isOpened, setOpened] = useState(false);
  const { customer, dueAt, id: messageId, sentAt, text, whatsappUrl } = message;
  const { name } = customer;
  // Not written to the cache: that would unmount this card before it receives the answer. Refetching the list moves it.
  const intent = useIntent(
    async (apollo, input: MarkMessageSentInput) =>
      (await apollo.mutate({ mutation: MarkMessageSentDocument, variables: { input }, fetchPolicy: 'no-cache' })).data?.markMessageSent,
    {
      title: t('tickOf', { name }),
      onDone,
      onRefused: (refusal) => {
        notifyProblem(refusalText(refusal));
        onDone();
      },
    },
  );
  const isSent = sentAt !== null;
  return (
    <li className={classes.card} data-message={name}>
      <Group justify="space-between" gap="xs" wrap="nowrap" align="baseline">
        <Anchor component={Link} to={`/customers/${encodeURIComponent(customer.id)}`} fw={600} size="sm" c="inherit">
          {name}
        </Anchor>
        <Text size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
          {isSent ? t('sentAt', { at: format.dayAndTime(sentAt) }) : format.dayAndTime(dueAt)}
        </Text>
      </Group>
      <pre className={classes.text}>{text}</pre>
      {isSent || whatsappUrl !== null ? null : (
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {t('noNumber', { contact: customer.contact ?? '—' })}
        </Text>
      )}
      {may.customers ? (
        <div className={classes.buttons}>
          {isSent ? (
            <Button
              variant="subtle"
              leftSection={<IconArrowBackUp size={18} aria-hidden />}
              aria-label={t('notSentOf', { name })}
              loading={intent.isSending}
              onClick={() => intent.send(() => ({ messageId, sent: false }))}
            >
              {t('notSent')}
            </Button>
          ) : (
            <>
              {whatsappUrl === null ? (
                <CopyButton text={text} label={t('copy')} />
              ) : (
                <Button
                  component="a"
                  href={whatsappUrl}
                  target="_blank"
                  rel="noopener noreferrer"
                  variant={isOpened ? 'default' : 'filled'}
                  leftSection={<IconBrandWhatsapp size={18} aria-hidden />}
                  aria-label={t('whatsappTo', { name })}
                  onClick={() => setOpened(true)}
                >
                  {t('whatsapp')}
                </Button>
              )}
              <Button
                variant={isOpened ? 'filled' : 'default'}
                leftSection={<IconCheck size={18} aria-hidden />}
                aria-label={t('tickOf', { name })}
                loading={intent.isSending}
                onClick={() => intent.send(() => ({ messageId, sent: true }))}
              >
                {t('tick')}
              </Button>
            </>
          )}
        </div>
      ) : null}
    </li>
  );
}
