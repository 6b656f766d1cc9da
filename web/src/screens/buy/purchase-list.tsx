/** The panel's own purchases. */

import { ActionIcon, Box, Button, Group, Menu, Table, Text, Title, VisuallyHidden } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../data/live-context.ts';
import { useIntent } from '../../data/use-intent.ts';
import type { CancelPurchaseInput, PurchaseRowFragment } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { Failure } from '../../ui/failure.tsx';
import { IntentForm } from '../../ui/intent-form.tsx';
import { IntentModal } from '../../ui/intent-modal.tsx';
import { MoreButton } from '../../ui/more-button.tsx';
import { notifyDone } from '../../ui/notify.ts';
import { Sheet } from '../../ui/sheet.tsx';
import { ListSkeleton } from '../../ui/skeletons.tsx';
import { CancelPurchaseDocument } from './documents.ts';
import { PurchaseBadge } from './purchase-facts.tsx';
import type { OwnPurchases } from './use-own-purchases.ts';

/** The panel's purchases, newest first, with their current status. */
export function PurchaseList({ own, onShow }: { own: OwnPurchases; onShow: (purchase: PurchaseRowFragment) => void }) {
  const { t } = useTranslation('buying');
  const [canceling, setCanceling] = useState<PurchaseRowFragment | null>(null);
  return (
    <section aria-labelledby="purchases">
      <Title order={2} size="h4" id="purchases" mb="xs">
        {t('purchases.title')}
      </Title>
      {own.hasFailed ? <Failure onRetry={own.again} /> : null}
      {own.purchases === null && !own.hasFailed ? <ListSkeleton rows={3} /> : null}
      {own.purchases?.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('purchases.none')}
        </Text>
      ) : null}
      {own.purchases && own.purchases.length > 0 ? (
        <Sheet>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('purchases.quantity')}</Table.Th>
              <Table.Th visibleFrom="sm">{t('purchases.created')}</Table.Th>
              <Table.Th visibleFrom="xs" ta="right">
                {t('purchases.total')}
              </Table.Th>
              <Table.Th>{t('purchases.status')}</Table.Th>
              <Table.Th visibleFrom="sm">
                <VisuallyHidden>{t('purchases.actions')}</VisuallyHidden>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {own.purchases.map((purchase) => (
              <Row key={purchase.id} purchase={purchase} onShow={() => onShow(purchase)} onCancel={() => setCanceling(purchase)} />
            ))}
          </Table.Tbody>
        </Sheet>
      ) : null}
      {own.more ? <MoreButton mt="xs" onMore={own.more} /> : null}
      {canceling ? <CancelWindow purchase={canceling} onClose={() => setCanceling(null)} /> : null}
    </section>
  );
}

function Row({ purchase, onShow, onCancel }: { purchase: PurchaseRowFragment; onShow: () => void; onCancel: () => void }) {
  const { t } = useTranslation('buying');
  const { t: common } = useTranslation();
  const format = useFormat();
  const may = useMay();
  const { quantity, createdAt, number, reportedAt, totalMinor, currency, status } = purchase;
  const isPending = status === 'PENDING';
  const actions = isPending ? (
    <Group justify="flex-end" gap={4} wrap="nowrap" w="fit-content" ml={{ sm: 'auto' }}>
      <Button size="compact-sm" variant="light" onClick={onShow}>
        {t('purchases.show')}
      </Button>
      {may.credits ? (
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" aria-label={common('actions.actions')}>
              <IconDots size={16} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item color="red" onClick={onCancel}>
              {t('purchases.cancel')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      ) : null}
    </Group>
  ) : null;
  return (
    <Table.Tr data-purchase={status}>
      <Table.Td className="numbers">
        <Text size="sm" fw={600}>
          {format.number(quantity)}
        </Text>
        <Text size="xs" c="dimmed">
          {t('purchases.number', { number })}
        </Text>
        <Text size="xs" c="dimmed" hiddenFrom="sm">
          {format.dayAndTime(createdAt)}
        </Text>
        <Text size="xs" c="dimmed" hiddenFrom="xs">
          {format.money(totalMinor, currency)}
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="sm">{format.dayAndTime(createdAt)}</Table.Td>
      <Table.Td visibleFrom="xs" ta="right" className="numbers">
        {format.money(totalMinor, currency)}
      </Table.Td>
      <Table.Td>
        <PurchaseBadge status={status} />
        {isPending && reportedAt !== null ? (
          <Text size="xs" c="dimmed">
            {t('purchases.reported')}
          </Text>
        ) : null}
        <Box hiddenFrom="sm" mt={4}>
          {actions}
        </Box>
      </Table.Td>
      <Table.Td visibleFrom="sm">{actions}</Table.Td>
    </Table.Tr>
  );
}

function CancelWindow({ purchase, onClose }: { purchase: PurchaseRowFragment; onClose: () => void }) {
  const { t } = useTranslation('buying');
  const { t: common } = useTranslation();
  const intent = useIntent(
    async (apollo, input: CancelPurchaseInput) =>
      (await apollo.mutate({ mutation: CancelPurchaseDocument, variables: { input } })).data?.cancelPurchase,
    {
      onDone: () => {
        notifyDone(t('purchases.canceled'));
        onClose();
      },
    },
  );
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    intent.send(() => ({ purchaseId: purchase.id }));
  };
  return (
    <IntentModal title={t('purchases.cancelTitle')} onClose={onClose}>
      <IntentForm
        intent={intent}
        onSubmit={submit}
        submitLabel={t('purchases.cancel')}
        onCancel={onClose}
        cancelLabel={common('actions.back')}
        color="red"
      >
        <Text size="sm">{t('purchases.cancelText')}</Text>
      </IntentForm>
    </IntentModal>
  );
}
