/** The dialog around the form for one intent. */

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
 * A dialog for one intent. It mounts when it opens and unmounts when it closes, so that the next one starts with a new key.
 * Back closes it. If text was typed it asks first, unless the person pressed Cancel. On a phone it is a sheet at the lower
 * edge, with a footer that stays visible; on a larger screen it is a window.
 */
export function IntentModal({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const { t } = useTranslation();
  // The modal unmounts before it can return the focus itself.
  const [opener] = useState(openerNow);
  useEffect(() => () => opener?.focus(), [opener]);
  const isTyped = useRef(false);
  const [isConfirming, setConfirming] = useState(false);
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
    if (isConfirming) setConfirming(false);
    else if (isTyped.current) setConfirming(true);
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
        {isConfirming ? <Discard onKeep={() => setConfirming(false)} onDiscard={onClose} /> : null}
        <Box display={isConfirming ? 'none' : undefined}>{children}</Box>
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

/** The element that the person has just used. For a menu's item, which disappears with its menu: the menu's button. */
function openerNow(): HTMLElement | null {
  const used = document.activeElement;
  const menu = used?.closest('[role=menu]');
  const opener = menu ? document.querySelector(`[aria-controls="${menu.id}"]`) : used;
  return opener instanceof HTMLElement ? opener : null;
}
