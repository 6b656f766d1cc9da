/** Buttons that copy a text. */

import { ActionIcon, Button, Tooltip, UnstyledButton } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { notifyDone, notifyProblem } from './notify.ts';

const SHOWN_MS = 2_000;

function useCopy(text: string) {
  const { t } = useTranslation();
  const { copy, copied } = useClipboard({ timeout: SHOWN_MS });
  const onClick = () => {
    // Browsers allow the clipboard only on pages served over https or from localhost.
    if (window.isSecureContext) copy(text);
    else notifyProblem(t('copy.impossible'));
  };
  return { onClick, copied, Icon: copied ? IconCheck : IconCopy };
}

/** For elements that disappear when tapped, such as menu items: a toast confirms the copy. */
export function useCopyWithToast(): (text: string) => void {
  const { t } = useTranslation();
  const { copy } = useClipboard();
  return (text) => {
    if (!window.isSecureContext) return notifyProblem(t('copy.impossible'));
    copy(text);
    notifyDone(t('copy.done'));
  };
}

/** A button that copies `text` and confirms it. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const { t } = useTranslation();
  const { onClick, copied, Icon } = useCopy(text);
  return (
    <Button variant="light" leftSection={<Icon size={16} aria-hidden />} onClick={onClick}>
      {copied ? t('copy.done') : label}
    </Button>
  );
}

/** The same as an icon button. */
export function CopyIcon({ text, label }: { text: string; label: string }) {
  const { t } = useTranslation();
  const { onClick, copied, Icon } = useCopy(text);
  return (
    <Tooltip label={copied ? t('copy.done') : label}>
      <ActionIcon variant="subtle" color="gray" onClick={onClick} aria-label={label}>
        <Icon size={16} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}

/** The text itself as a button: a tap copies it. */
export function CopyText({ text, label }: { text: string; label: string }) {
  const { t } = useTranslation();
  const { onClick, copied } = useCopy(text);
  return (
    <Tooltip label={copied ? t('copy.done') : label}>
      <UnstyledButton onClick={onClick} aria-label={`${label}: ${text}`} fz="inherit" c="inherit" mih={24}>
        {text}
      </UnstyledButton>
    </Tooltip>
  );
}
