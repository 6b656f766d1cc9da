/** The button that opens the search, with its keyboard shortcuts. */

import { ActionIcon } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { load } from '../data/missing-code.ts';
import { loadWords } from '../i18n/i18n.ts';

const SearchWindow = lazy(async () => {
  const [{ SearchWindow }] = await Promise.all([
    load(() => import('../screens/search/search-window.tsx')),
    loadWords('search', 'customers', 'buying'),
  ]);
  return { default: SearchWindow };
});

/** The shortcut does nothing while a dialog is open, whose typed text would be lost. The search is loaded at first use. */
export function SearchButton() {
  const { t } = useTranslation();
  const [isWanted, setWanted] = useState(false);
  const [isOpen, setOpen] = useState(false);
  const open = () => {
    setWanted(true);
    setOpen(true);
  };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey) || event.altKey || event.shiftKey) return;
      event.preventDefault();
      if (document.querySelector('[role=dialog]')) return;
      setWanted(true);
      setOpen(true);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  return (
    <>
      <ActionIcon
        variant="default"
        size="lg"
        aria-label={t('search')}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        aria-keyshortcuts="Control+K Meta+K"
        title={`${t('search')} (${KEYS})`}
        onClick={open}
      >
        <IconSearch size={18} aria-hidden />
      </ActionIcon>
      <Suspense>{isWanted ? <SearchWindow isOpen={isOpen} onClose={() => setOpen(false)} /> : null}</Suspense>
    </>
  );
}

const KEYS = /Mac|iP/.test(navigator.platform) ? '⌘K' : 'Ctrl+K';
