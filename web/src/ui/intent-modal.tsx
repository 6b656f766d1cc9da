/** The dialog around a form that does one thing once. */

import { Box, Button, Modal, Stack, Text } from '@mantine/core';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './dialog.module.css';
import { DialogContext } from './dialog-context.ts';
import { DialogFooter } from './dialog-footer.tsx';
import { UnsettledList } from './unsettled-list.tsx';
import { useBackCloses } from './use-back-closes.ts';
import { useKeyboardInset } from './use-keyboard-inset.ts';

/**
 * A window for one intent: made when it opens and gone when it closes, so that the next one begins with a key of its own.
 * Back closes it. Where something was typed it asks first, unless the person chose to cancel. On a phone it is a sheet at the
 * lower edge, whose footer stays in sight; on a desk a window.
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
  useKeyboardInset();
  return (
    <Modal
      opened
      onClose={close}
      title={title}
      centered
      classNames={{ inner: classes.inner, content: classes.content, header: classes.header, body: classes.body }}
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
      <DialogFooter>
        <Button variant="default" onClick={onDiscard}>
          {t('discard.discard')}
        </Button>
        <Button onClick={onKeep} ref={(button) => button?.focus()}>
          {t('discard.keep')}
        </Button>
      </DialogFooter>
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
