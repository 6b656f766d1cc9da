/** The forms that set up one-time codes. */

import { Code, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { useIntent } from '../../data/use-intent.ts';
import type { ConfirmTotpInput, DisableTotpInput, RegenerateRecoveryCodesInput, StartTotpInput } from '../../gql/graphql.ts';
import { CopyIcon } from '../../ui/copy-button.tsx';
import { fieldProblems } from '../../ui/field-problems.ts';
import { IntentForm } from '../../ui/intent-form.tsx';
import { QrCode } from '../../ui/qr-code.tsx';
import { ConfirmTotpDocument, DisableTotpDocument, RegenerateRecoveryCodesDocument, StartTotpDocument } from './documents.ts';
import { useChecks } from './rules.ts';

interface Secret {
  readonly secret: string;
  readonly otpauthUri: string;
}

/** Asks for the password, so that somebody at an unlocked device cannot change the owner's sign-in. */
export function PasswordStep({ onCancel, onDone }: { onCancel: () => void; onDone: (secret: Secret) => void }) {
  const { t } = useTranslation('settings');
  const form = useForm({ initialValues: { password: '' }, validate: { password: useChecks().filled } });
  const intent = useIntent(
    async (apollo, input: StartTotpInput) => (await apollo.mutate({ mutation: StartTotpDocument, variables: { input } })).data?.startTotp,
    { isShownOnce: true, onDone: (secret) => onDone(secret), onRefused: (refusal) => form.setErrors(fieldProblems(refusal)) },
  );
  const submit = form.onSubmit(({ password }) => intent.send(() => ({ password })));
  return (
    <IntentForm intent={intent} onSubmit={submit} submitLabel={t('totp.next')} onCancel={onCancel}>
      <PasswordInput label={t('totp.password')} autoComplete="current-password" data-autofocus {...form.getInputProps('password')} />
    </IntentForm>
  );
}

interface ConfirmProps {
  readonly secret: string;
  readonly uri: string;
  readonly onCancel: () => void;
  readonly onDone: (codes: readonly string[]) => void;
}

export function ConfirmStep({ secret, uri, onCancel, onDone }: ConfirmProps) {
  const { t } = useTranslation('settings');
  const form = useForm({ initialValues: { otp: '' }, validate: { otp: useChecks().filled } });
  const intent = useIntent(
    async (apollo, input: ConfirmTotpInput) =>
      (await apollo.mutate({ mutation: ConfirmTotpDocument, variables: { input } })).data?.confirmTotp,
    {
      isShownOnce: true,
      onDone: ({ recoveryCodes }) => onDone(recoveryCodes),
      onRefused: (refusal) => form.setErrors(fieldProblems(refusal)),
    },
  );
  const submit = form.onSubmit(({ otp }) => intent.send(() => ({ otp: otp.replaceAll(' ', '') })));
  return (
    <IntentForm intent={intent} onSubmit={submit} submitLabel={t('totp.confirm')} onCancel={onCancel}>
      <Text size="sm">{t('totp.scan')}</Text>
      <Stack align="center" gap={4}>
        <QrCode text={uri} label={t('totp.qr')} />
        <Group gap={4} wrap="nowrap" maw="100%">
          <Code aria-label={t('totp.secret')} style={{ overflowWrap: 'anywhere' }}>
            {secret}
          </Code>
          <CopyIcon text={secret} label={t('totp.copySecret')} />
        </Group>
      </Stack>
      <TextInput
        label={t('totp.code')}
        autoComplete="one-time-code"
        inputMode="numeric"
        className="numbers"
        data-autofocus
        {...form.getInputProps('otp')}
      />
    </IntentForm>
  );
}

function useProof() {
  const { filled } = useChecks();
  return useForm({ initialValues: { password: '', otp: '' }, validate: { password: filled, otp: filled } });
}

function ProofFields({ form }: { form: ReturnType<typeof useProof> }) {
  const { t } = useTranslation('settings');
  return (
    <>
      <PasswordInput label={t('totp.password')} autoComplete="current-password" data-autofocus {...form.getInputProps('password')} />
      <TextInput label={t('totp.codeOrRecovery')} autoComplete="one-time-code" className="numbers" {...form.getInputProps('otp')} />
    </>
  );
}

export function DisableForm({ onCancel, onDone }: { onCancel: () => void; onDone: () => void }) {
  const { t } = useTranslation('settings');
  const form = useProof();
  const intent = useIntent(
    async (apollo, input: DisableTotpInput) =>
      (await apollo.mutate({ mutation: DisableTotpDocument, variables: { input } })).data?.disableTotp,
    { onDone, onRefused: (refusal) => form.setErrors(fieldProblems(refusal)) },
  );
  const submit = form.onSubmit(({ password, otp }) => intent.send(() => ({ password, otp: otp.trim() })));
  return (
    <IntentForm intent={intent} onSubmit={submit} submitLabel={t('totp.disable')} onCancel={onCancel} color="red">
      <ProofFields form={form} />
    </IntentForm>
  );
}

export function RegenerateForm({ onCancel, onDone }: { onCancel: () => void; onDone: (codes: readonly string[]) => void }) {
  const { t } = useTranslation('settings');
  const form = useProof();
  const intent = useIntent(
    async (apollo, input: RegenerateRecoveryCodesInput) =>
      (await apollo.mutate({ mutation: RegenerateRecoveryCodesDocument, variables: { input } })).data?.regenerateRecoveryCodes,
    {
      isShownOnce: true,
      onDone: ({ recoveryCodes }) => onDone(recoveryCodes),
      onRefused: (refusal) => form.setErrors(fieldProblems(refusal)),
    },
  );
  const submit = form.onSubmit(({ password, otp }) => intent.send(() => ({ password, otp: otp.trim() })));
  return (
    <IntentForm intent={intent} onSubmit={submit} submitLabel={t('totp.newCodes')} onCancel={onCancel}>
      <ProofFields form={form} />
    </IntentForm>
  );
}
