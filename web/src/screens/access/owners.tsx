/** The owners of a panel, for the parent: buttons to reset their access and to open a support session. */

import { useQuery } from '@apollo/client/react';
import { Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { IconEye, IconKey } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OwnersQuery } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { Failure } from '../../ui/failure.tsx';
import { ListSkeleton } from '../../ui/skeletons.tsx';
import { OwnersDocument } from './documents.ts';
import { ResetWindow } from './reset-window.tsx';
import { SupportWindow } from './support-window.tsx';

type Owner = NonNullable<NonNullable<OwnersQuery['reseller']>['owners']>[number];

export function Owners({ panel }: { panel: { readonly id: string; readonly name: string } }) {
  const { t } = useTranslation('access');
  const { data, error, refetch } = useQuery(OwnersDocument, { variables: { id: panel.id }, fetchPolicy: 'cache-and-network' });
  const [reset, setReset] = useState<Owner | null>(null);
  const [isLooking, setLooking] = useState(false);
  if (error && !data) return <Failure onRetry={() => refetch().catch(() => {})} />;
  const owners = data?.reseller?.owners;
  if (!data) return <ListSkeleton rows={2} />;
  if (!owners) return null;
  return (
    <Paper withBorder p="md" component="section" aria-label={t('owners.title')}>
      <Group justify="space-between" gap="sm">
        <Title order={2} size="h4">
          {t('owners.title')}
        </Title>
        <Button size="xs" variant="default" leftSection={<IconEye size={14} aria-hidden />} onClick={() => setLooking(true)}>
          {t('support.open')}
        </Button>
      </Group>
      <Text size="sm" c="dimmed">
        {t('owners.text')}
      </Text>
      <Stack gap="xs" component="ul" p={0} m={0} mt="sm" style={{ listStyle: 'none' }}>
        {owners.map((owner) => (
          <Row key={owner.id} owner={owner} onReset={() => setReset(owner)} />
        ))}
      </Stack>
      {reset ? <ResetWindow user={reset} onClose={() => setReset(null)} /> : null}
      {isLooking ? <SupportWindow panel={panel} onClose={() => setLooking(false)} /> : null}
    </Paper>
  );
}

function Row({ owner: { email, disabled, lastSignInAt, mustChangePassword }, onReset }: { owner: Owner; onReset: () => void }) {
  const { t } = useTranslation('access');
  const format = useFormat();
  return (
    <Group component="li" justify="space-between" gap="sm">
      <div style={{ minWidth: 0 }}>
        <Text size="sm" fw={500} style={{ overflowWrap: 'anywhere' }}>
          {email}
        </Text>
        <Group gap={6}>
          <Text size="xs" c="dimmed">
            {lastSignInAt ? t('owners.lastSignIn', { at: format.dayAndTime(lastSignInAt) }) : t('owners.never')}
          </Text>
          {mustChangePassword ? (
            <Badge size="sm" color="orange" variant="light">
              {t('owners.pending')}
            </Badge>
          ) : null}
          {disabled ? (
            <Badge size="sm" color="gray" variant="light">
              {t('owners.disabled')}
            </Badge>
          ) : null}
        </Group>
      </div>
      {disabled ? null : (
        <Button
          size="compact-sm"
          variant="light"
          leftSection={<IconKey size={14} aria-hidden />}
          aria-label={t('reset.of', { email })}
          onClick={onReset}
        >
          {t('reset.action')}
        </Button>
      )}
    </Group>
  );
}
