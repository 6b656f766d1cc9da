/** The dialog around a form that does one thing once. */

import { Box, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DialogContext } from './dialog-context.ts';
import { UnsettledList } from './unsettled-list.tsx';
import { useBackCloses } from './use-back-closes.ts';

/**
 * A window for one intent: made when it opens and gone when it closes, so that the next one begins with a key of its own.
 * Back closes it. Where something was typed it asks first, unless the person chose to cancel.
 */
export function IntentModal({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const { t } = useTranslation();
  // It is gone before it could give the focus back itself.
  const [opener] = useState(openerNow);
  useEffect(() => () => opener?.focus(), [opener]);
  const isTyped = useRef(false);
  const [isAsking, setAsking] = useState(false);
  const dialog = useMemo<DialogContext>(
    () => ({
      title,
      setTyped: (isNow) => {
        isTyped.current = isNow;
      },
    }),
    [title],
  );
  const close = () => {
    if (isAsking) setAsking(false);
    else if (isTyped.current) setAsking(true);
    else onClose();
  };
  useBackCloses(close);
  return (
    <Modal
      opened
      onClose={close}
      title={title}
      centered
      closeButtonProps={{ 'aria-label': t('actions.close') }}
      closeOnClickOutside={false}
    >
      <DialogContext value={dialog}>
        <UnsettledList />
        {isAsking ? <Discard onKeep={() => setAsking(false)} onDiscard={onClose} /> : null}
        <Box display={isAsking ? 'none' : undefined}>{children}</Box>
      </DialogContext>
    </Modal>
  );
}

function Discard({ onKeep, onDiscard }: { onKeep: () => void; onDiscard: () => void }) {
  const { t } = useTranslation();
  return (
    <Stack gap="md" role="alert">
      <Text>{t('discard.text')}</Text>
      <Group justify="flex-end">
        <Button variant="default" onClick={onDiscard}>
          {t('discard.discard')}
        </Button>
        <Button onClick={onKeep} ref={(button) => button?.focus()}>
          {t('discard.keep')}
        </Button>
      </Group>
    </Stack>
  );
}

/** What the person has just used: of a menu's item, which goes with its menu, the button of the menu. */
function openerNow(): HTMLElement | null {
  const used = document.activeElement;
  const menu = used?.closest('[role=menu]');
  const opener = menu ? document.querySelector(`[aria-controls="${menu.id}"]`) : used;
  return opener instanceof HTMLElement ? opener : null;
}
