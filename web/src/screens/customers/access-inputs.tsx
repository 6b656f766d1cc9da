/** Fields for a chosen login and secret of a new customer. Hidden at first, because the server generates both if they are empty. */

import { Button, TextInput } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Refusal } from '../../data/refusal.ts';
import { i18n } from '../../i18n/i18n.ts';
import { fieldProblems } from '../../ui/field-problems.ts';

/** The properties that Mantine's form passes to an input. */
interface Field {
  readonly error?: ReactNode;
}

export function AccessInputs({ login, secret }: { login: Field; secret: Field }) {
  const { t } = useTranslation('access');
  const [isOpen, setOpen] = useState(false);
  if (!isOpen && !login.error && !secret.error) {
    return (
      <Button
        variant="subtle"
        size="compact-sm"
        style={{ alignSelf: 'flex-start' }}
        leftSection={<IconKey size={14} aria-hidden />}
        onClick={() => setOpen(true)}
      >
        {t('customer.choose')}
      </Button>
    );
  }
  const typed = { autoComplete: 'off', autoCapitalize: 'none', spellCheck: false };
  return (
    <>
      <TextInput label={t('customer.login')} description={t('customer.loginHint')} {...typed} {...login} />
      <TextInput label={t('customer.secret')} description={t('customer.secretHint')} {...typed} {...secret} />
    </>
  );
}

/** The values for the command; null: the server generates the value. */
export function accessInput({ login, secret }: { readonly login: string; readonly secret: string }): {
  readonly login: string | null;
  readonly secret: string | null;
} {
  return { login: login.trim() || null, secret: secret.trim() || null };
}

/** A refusal as messages for the form's fields; a login that is taken is shown at its field. */
export function accessProblems(refusal: Refusal): Record<string, string> {
  return refusal.code === 'ALREADY_EXISTS' ? { login: i18n.t('customer.taken', { ns: 'access' }) } : fieldProblems(refusal);
}
