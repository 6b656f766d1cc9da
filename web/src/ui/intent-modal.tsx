/** The dialog around one intent. */

import { Modal } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

/** A window for one intent: made when it opens and gone when it closes, so that the next one begins with a key of its own. */
export function IntentModal({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const { t } = useTranslation();
  // It is gone before it could give the focus back itself.
  const [opener] = useState(openerNow);
  useEffect(() => () => opener?.focus(), [opener]);
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      centered
      closeButtonProps={{ 'aria-label': t('actions.close') }}
      closeOnClickOutside={false}
    >
      {children}
    </Modal>
  );
}

/** What the person has just used: of a menu's item, which goes with its menu, the button of the menu. */
function openerNow(): HTMLElement | null {
  const used = document.activeElement;
  const menu = used?.closest('[role=menu]');
  const opener = menu ? document.querySelector(`[aria-controls="${menu.id}"]`) : used;
  return opener instanceof HTMLElement ? opener : null;
}
