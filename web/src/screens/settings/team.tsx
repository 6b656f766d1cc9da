/** The team of a panel. */

import { useQuery } from '@apollo/client/react';
import { Badge, Button, Group, PasswordInput, Select, Stack, Table, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconShieldCheck, IconUserPlus } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { askAgain } from '../../data/ask-again.ts';
import { useOnReconnect, useViewer } from '../../data/live-context.ts';
import { load } from '../../data/missing-code.ts';
import { useIntent } from '../../data/use-intent.ts';
import type { InviteUserInput, MemberFragment, UpdateUserInput } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { ActionButton } from '../../ui/action-button.tsx';
import { Failure } from '../../ui/failure.tsx';
import { fieldProblems } from '../../ui/field-problems.ts';
import { IntentForm } from '../../ui/intent-form.tsx';
import { IntentModal } from '../../ui/intent-modal.tsx';
import { MoreButton } from '../../ui/more-button.tsx';
import { notifyDone, notifyProblem } from '../../ui/notify.ts';
import { Sheet } from '../../ui/sheet.tsx';
import { ListSkeleton } from '../../ui/skeletons.tsx';
import { useActionDisabledReason } from '../../ui/use-disabled-reason.ts';
import { useRefusalText } from '../../ui/use-refusal-text.ts';
import { InviteUserDocument, TeamDocument, UpdateUserDocument } from './documents.ts';
import { useChecks } from './rules.ts';

const PAGE = 50;

const ResetWindow = lazy(async () => ({ default: (await load(() => import('../access/reset-window.tsx'))).ResetWindow }));
const ROLES = ['OWNER', 'OPERATOR', 'FINANCE', 'VIEWER'] as const;

/** The panel's users and their roles. */
export function Team() {
  const { t } = useTranslation('settings');
  const { t: common } = useTranslation();
  const [isInviting, setInviting] = useState(false);
  const { data, error, observable, fetchMore } = useQuery(TeamDocument, { variables: { first: PAGE }, fetchPolicy: 'cache-and-network' });
  const again = () => askAgain(observable);
  useOnReconnect(again);
  if (error && !data) return <Failure onRetry={again} />;
  const team = data?.viewer.team;
  if (!team) return <ListSkeleton />;
  return (
    <Stack gap="md">
      <Group>
        <ActionButton spends={false} leftSection={<IconUserPlus size={16} aria-hidden />} onClick={() => setInviting(true)}>
          {t('team.invite')}
        </ActionButton>
      </Group>
      <Sheet>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('team.email')}</Table.Th>
            <Table.Th>{t('team.role')}</Table.Th>
            <Table.Th visibleFrom="sm">{t('team.status')}</Table.Th>
            <Table.Th visibleFrom="sm" ta="right">
              {common('actions.actions')}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {team.edges.map(({ node }) => (
            <Row key={node.id} member={node} />
          ))}
        </Table.Tbody>
      </Sheet>
      {team.pageInfo.hasNextPage ? (
        <MoreButton onMore={() => fetchMore({ variables: { after: team.pageInfo.endCursor } }).catch(() => {})} />
      ) : null}
      {isInviting ? <InviteWindow onClose={() => setInviting(false)} /> : null}
    </Stack>
  );
}

function Row({ member }: { member: MemberFragment }) {
  const { t } = useTranslation('settings');
  const { t: access } = useTranslation('access');
  const { t: common } = useTranslation();
  const format = useFormat();
  const refusalText = useRefusalText();
  const disabledReason = useActionDisabledReason()(false);
  const isSelf = useViewer().user.id === member.id;
  const { id: userId, email, role, disabled, totpEnabled, createdAt } = member;
  const intent = useIntent(
    async (apollo, input: UpdateUserInput) =>
      (await apollo.mutate({ mutation: UpdateUserDocument, variables: { input } })).data?.updateUser,
    {
      onDone: () => notifyDone(t('team.changed', { email })),
      title: t('team.changeRole', { email }),
      onRefused: (refusal) => notifyProblem(refusal.code === 'INVALID_STATE' ? t('team.lastOwner') : refusalText(refusal)),
    },
  );
  const change = (changes: Omit<UpdateUserInput, 'userId'>) => intent.send(() => ({ userId, ...changes }));
  const [isResetting, setResetting] = useState(false);
  const reset = disabled ? null : (
    <Button size="compact-sm" variant="subtle" aria-label={access('reset.of', { email })} onClick={() => setResetting(true)}>
      {access('reset.action')}
    </Button>
  );
  const toggle = (
    <ActionButton
      spends={false}
      size="compact-sm"
      variant="subtle"
      color={disabled ? undefined : 'red'}
      aria-label={t(disabled ? 'team.enableOf' : 'team.disableOf', { email })}
      loading={intent.isSending}
      onClick={() => change({ disabled: !disabled })}
    >
      {t(disabled ? 'team.enable' : 'team.disable')}
    </ActionButton>
  );
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={500} style={{ overflowWrap: 'anywhere' }}>
          {email} {isSelf ? `(${t('team.you')})` : null}
        </Text>
        <Group gap={4}>
          <Text size="xs" c="dimmed">
            {t('team.since', { since: format.day(createdAt) })}
          </Text>
          {totpEnabled ? <IconShieldCheck size={14} role="img" aria-label={t('team.totp')} /> : null}
        </Group>
        <Group gap="xs" hiddenFrom="sm">
          <StatusBadge disabled={disabled} />
          {isSelf ? null : reset}
          {isSelf ? null : toggle}
        </Group>
        {isResetting ? (
          <Suspense>
            <ResetWindow user={member} onClose={() => setResetting(false)} />
          </Suspense>
        ) : null}
      </Table.Td>
      <Table.Td w={{ base: 130, sm: 190 }}>
        <Select
          size="xs"
          aria-label={t('team.changeRole', { email })}
          value={role}
          allowDeselect={false}
          disabled={intent.isSending || disabledReason !== null}
          data={ROLES.map((value) => ({ value, label: common(`roles.${value}`) }))}
          onChange={(value) => {
            const wanted = ROLES.find((each) => each === value);
            if (wanted && wanted !== role) change({ role: wanted });
          }}
        />
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <StatusBadge disabled={disabled} />
      </Table.Td>
      <Table.Td visibleFrom="sm" ta="right">
        {isSelf ? null : reset}
        {isSelf ? null : toggle}
      </Table.Td>
    </Table.Tr>
  );
}

function StatusBadge({ disabled }: { disabled: boolean }) {
  const { t } = useTranslation('settings');
  return (
    <Badge color={disabled ? 'gray' : 'teal'} variant="light">
      {t(disabled ? 'team.disabled' : 'team.active')}
    </Badge>
  );
}

function InviteWindow({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('settings');
  const { t: common } = useTranslation();
  const checks = useChecks();
  const initialValues: InviteUserInput = { email: '', password: '', role: 'OPERATOR' };
  const form = useForm({ initialValues, validate: { email: checks.filled, password: checks.password } });
  const intent = useIntent(
    async (apollo, input: InviteUserInput) =>
      (await apollo.mutate({ mutation: InviteUserDocument, variables: { input }, refetchQueries: [TeamDocument] })).data?.inviteUser,
    {
      onDone: ({ user }) => {
        notifyDone(t('team.invited', { email: user.email }));
        onClose();
      },
      onRefused: (refusal) => form.setErrors(fieldProblems(refusal)),
    },
  );
  const submit = form.onSubmit(({ email, ...values }) => intent.send(() => ({ email: email.trim(), ...values })));
  return (
    <IntentModal title={t('team.invite')} onClose={onClose}>
      <IntentForm intent={intent} onSubmit={submit} submitLabel={t('team.invite')} onCancel={onClose}>
        <TextInput label={t('team.email')} type="email" autoComplete="off" data-autofocus {...form.getInputProps('email')} />
        <PasswordInput
          label={t('team.password')}
          description={t('team.passwordHint')}
          autoComplete="new-password"
          {...form.getInputProps('password')}
        />
        <Select
          label={t('team.role')}
          allowDeselect={false}
          data={ROLES.map((value) => ({ value, label: `${common(`roles.${value}`)}: ${t(`team.roles.${value}`)}` }))}
          {...form.getInputProps('role')}
        />
      </IntentForm>
    </IntentModal>
  );
}
