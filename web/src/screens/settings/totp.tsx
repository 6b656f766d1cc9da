/** Turns one-time codes on and off. */

import { Badge, Button, Group } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IntentModal } from '../../ui/intent-modal.tsx';
import { notifyDone } from '../../ui/notify.ts';
import { RecoveryCodes } from './recovery-codes.tsx';
import { Section } from './section.tsx';
import { ConfirmStep, DisableForm, PasswordStep, RegenerateForm } from './totp-forms.tsx';

type Step =
  | { readonly kind: 'password' | 'disable' | 'regenerate' }
  | { readonly kind: 'confirm'; readonly secret: string; readonly uri: string }
  | { readonly kind: 'codes'; readonly codes: readonly string[] };

/** One-time codes in addition to the password: turning them on and off, and recovery codes for a lost phone. */
export function Totp({ isOn }: { isOn: boolean }) {
  const { t } = useTranslation('settings');
  const [step, setStep] = useState<Step | null>(null);
  const close = () => setStep(null);
  const showCodes = (codes: readonly string[]) => setStep({ kind: 'codes', codes });
  return (
    <Section
      title={t('totp.title')}
      text={t('totp.text')}
      aside={
        <Badge color={isOn ? 'teal' : 'gray'} variant="light">
          {t(isOn ? 'totp.on' : 'totp.off')}
        </Badge>
      }
    >
      <Group gap="xs">
        {isOn ? (
          <>
            <Button variant="default" onClick={() => setStep({ kind: 'regenerate' })}>
              {t('totp.newCodes')}
            </Button>
            <Button variant="default" onClick={() => setStep({ kind: 'disable' })}>
              {t('totp.disable')}
            </Button>
          </>
        ) : (
          <Button onClick={() => setStep({ kind: 'password' })}>{t('totp.enable')}</Button>
        )}
      </Group>
      {step ? (
        <IntentModal title={step.kind === 'codes' ? t('totp.codesTitle') : t('totp.title')} onClose={close}>
          {step.kind === 'password' ? (
            <PasswordStep onCancel={close} onDone={({ secret, otpauthUri }) => setStep({ kind: 'confirm', secret, uri: otpauthUri })} />
          ) : null}
          {step.kind === 'confirm' ? (
            <ConfirmStep
              secret={step.secret}
              uri={step.uri}
              onCancel={close}
              onDone={(codes) => {
                notifyDone(t('totp.enabled'));
                showCodes(codes);
              }}
            />
          ) : null}
          {step.kind === 'regenerate' ? <RegenerateForm onCancel={close} onDone={showCodes} /> : null}
          {step.kind === 'disable' ? (
            <DisableForm
              onCancel={close}
              onDone={() => {
                notifyDone(t('totp.disabled'));
                close();
              }}
            />
          ) : null}
          {step.kind === 'codes' ? <RecoveryCodes codes={step.codes} onKept={close} /> : null}
        </IntentModal>
      ) : null}
    </Section>
  );
}
