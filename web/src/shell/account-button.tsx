/** The button that opens the account drawer. */

import { ActionIcon } from '@mantine/core';
import { IconUser } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { load } from '../data/missing-code.ts';

const AccountDrawer = lazy(async () => ({ default: (await load(() => import('./account-drawer.tsx'))).AccountDrawer }));

/** Opens the person's own account. The drawer's code is loaded at the first click. */
export function AccountButton() {
  const { t } = useTranslation();
  const [isWanted, setWanted] = useState(false);
  const [isOpen, setOpen] = useState(false);
  const open = () => {
    setWanted(true);
    setOpen(true);
  };
  return (
    <>
      <ActionIcon variant="default" size="lg" aria-label={t('menu.open')} aria-haspopup="dialog" aria-expanded={isOpen} onClick={open}>
        <IconUser size={18} aria-hidden />
      </ActionIcon>
      <Suspense>{isWanted ? <AccountDrawer isOpen={isOpen} onClose={() => setOpen(false)} /> : null}</Suspense>
    </>
  );
}
