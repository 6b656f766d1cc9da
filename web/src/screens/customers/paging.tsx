/** The number of customers, the page size, and the buttons to the previous and next page. */

import { ActionIcon, Group, Select, Text } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import { type Filters, PAGE_SIZES } from './use-filters.ts';

interface PagingProps {
  readonly filters: Filters;
  readonly total: number;
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor?: string | null;
    readonly endCursor?: string | null;
  };
}

export function Paging({ filters, total, pageInfo: { hasNextPage, hasPreviousPage, startCursor, endCursor } }: PagingProps) {
  const { t } = useTranslation('customers');
  const format = useFormat();
  return (
    <Group justify="space-between" gap="sm">
      <Text size="sm" c="dimmed" className="numbers">
        {t('count', { count: total, amount: format.number(total) })}
      </Text>
      <Group gap="xs">
        <Select
          size="xs"
          w={72}
          aria-label={t('paging.size')}
          value={String(filters.size)}
          allowDeselect={false}
          data={PAGE_SIZES.map(String)}
          onChange={(size) => filters.set({ size: size ?? '' })}
        />
        <ActionIcon
          variant="default"
          size="lg"
          aria-label={t('paging.previous')}
          disabled={!hasPreviousPage || !startCursor}
          onClick={() => filters.turn('before', startCursor ?? '')}
        >
          <IconChevronLeft size={16} aria-hidden />
        </ActionIcon>
        <ActionIcon
          variant="default"
          size="lg"
          aria-label={t('paging.next')}
          disabled={!hasNextPage || !endCursor}
          onClick={() => filters.turn('after', endCursor ?? '')}
        >
          <IconChevronRight size={16} aria-hidden />
        </ActionIcon>
      </Group>
    </Group>
  );
}
