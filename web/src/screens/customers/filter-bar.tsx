/** The search and filters above the customers. */

import { ActionIcon, CloseButton, Group, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback, useDisclosure } from '@mantine/hooks';
import { IconAdjustmentsHorizontal, IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useIsPhone } from '../../ui/use-phone.ts';
import { DUE_DAYS } from './quick-lists.ts';
import { EXPIRED_DAYS, EXPIRING_DAYS, type Filters, ORDERS, STATUSES } from './use-filters.ts';

const TYPING_MS = 300;

export function FilterBar({ filters }: { filters: Filters }) {
  const { t } = useTranslation('customers');
  const [text, setText] = useState(filters.search);
  const search = useDebouncedCallback((q: string) => filters.set({ q: q.trim() }), TYPING_MS);
  // When the address changes in another way, for example by Back, the field follows.
  useEffect(() => setText((typed) => (typed.trim() === filters.search ? typed : filters.search)), [filters.search]);
  const type = (typed: string) => {
    setText(typed);
    search(typed);
  };
  const isPhone = useIsPhone();
  const [isOpen, { toggle }] = useDisclosure();
  return (
    <Group gap="sm" role="search">
      <TextInput
        flex="1 1 240px"
        miw={0}
        aria-label={t('search')}
        placeholder={t('search')}
        leftSection={<IconSearch size={16} aria-hidden />}
        rightSection={text ? <CloseButton size="sm" aria-label={t('empty.clear')} onClick={() => type('')} /> : null}
        value={text}
        maxLength={100}
        onChange={({ currentTarget }) => type(currentTarget.value)}
      />
      {isPhone ? (
        <ActionIcon variant={isOpen ? 'filled' : 'default'} size={36} aria-label={t('filters')} aria-expanded={isOpen} onClick={toggle}>
          <IconAdjustmentsHorizontal size={18} aria-hidden />
        </ActionIcon>
      ) : null}
      {isOpen || !isPhone ? <Selects filters={filters} /> : null}
    </Group>
  );
}

function Selects({ filters }: { filters: Filters }) {
  const { t } = useTranslation('customers');
  return (
    <>
      <Select
        flex="1 1 140px"
        maw={{ sm: 190 }}
        aria-label={t('status.label')}
        value={filters.status ?? ''}
        allowDeselect={false}
        data={[
          { value: '', label: `${t('status.label')}: ${t('status.all')}` },
          ...STATUSES.map((value) => ({ value, label: t(`status.${value}`) })),
        ]}
        onChange={(status) => filters.set({ status: status ?? '' })}
      />
      <Select
        flex="1 1 140px"
        maw={{ sm: 220 }}
        aria-label={t('expiring.label')}
        value={filters.expiring === null ? '' : String(filters.expiring)}
        allowDeselect={false}
        data={[
          { value: '', label: t('expiring.any') },
          ...DUE_DAYS.map((value) => ({ value, label: t(`expiring.${value}`) })),
          ...EXPIRING_DAYS.map((count) => ({ value: String(count), label: t('expiring.days', { count }) })),
          ...EXPIRED_DAYS.map((count) => ({ value: String(-count), label: t('expiring.past', { count }) })),
        ]}
        onChange={(expiring) => filters.set({ expiring: expiring ?? '' })}
      />
      <Select
        flex="1 1 140px"
        maw={{ sm: 220 }}
        aria-label={t('order.label')}
        value={filters.order}
        allowDeselect={false}
        data={ORDERS.map((value) => ({ value, label: t(`order.${value}`) }))}
        onChange={(order) => filters.set({ order: order ?? '' })}
      />
    </>
  );
}
