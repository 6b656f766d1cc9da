/** The quick filters above the customers, each with its number of customers. */

import { useQuery } from '@apollo/client/react';
import { Box, Button, Text } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { askAgain } from '../../data/ask-again.ts';
import { useOnReconnect, useOwnAccount } from '../../data/live-context.ts';
import { useChange } from '../../data/use-change.ts';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './customers.module.css';
import { CustomerCountsDocument, FailedServicesDocument } from './documents.ts';
import { paramsOf, QUICK_LISTS, quickEnds } from './quick-lists.ts';
import type { Filters } from './use-filters.ts';

/** The chips set the filters in the address, so that a choice can be linked and survives Back. */
export function Chips({ filters }: { filters: Filters }) {
  const { t } = useTranslation('customers');
  const format = useFormat();
  const variables = useMemo(() => quickEnds(format), [format]);
  const { data, observable } = useQuery(CustomerCountsDocument, { variables, fetchPolicy: 'cache-and-network' });
  const again = () => askAgain(observable);
  useOnReconnect(again);
  // A payment may have moved a customer from one list to another.
  useChange(useOwnAccount()?.version, again);
  const counts = data?.viewer.reseller;
  return (
    <Box role="group" aria-label={t('chips.label')} className={classes.chips}>
      <FailedChip filters={filters} />
      {QUICK_LISTS.map((list) => {
        const { name, status, expiring } = list;
        const isChosen = filters.status === status && filters.expiring === expiring;
        const count = counts?.[name]?.totalCount;
        const change = isChosen ? { status: '', expiring: '' } : paramsOf(list);
        return (
          <Button
            key={name}
            size="compact-sm"
            fw={500}
            radius="xl"
            variant={isChosen ? 'filled' : 'default'}
            aria-pressed={isChosen}
            onClick={() => filters.set(change)}
          >
            {t(`chips.${name}`)}
            {typeof count === 'number' ? (
              <Text span inherit fw={700} ms={6} className="numbers" data-count={name}>
                {format.number(count)}
              </Text>
            ) : null}
          </Button>
        );
      })}
    </Box>
  );
}

/** The filter for customers whose service failed; hidden if there are none. */
function FailedChip({ filters }: { filters: Filters }) {
  const { t } = useTranslation('customers');
  const format = useFormat();
  const count = useQuery(FailedServicesDocument).data?.viewer.reseller?.failed?.totalCount ?? 0;
  if (count === 0 && !filters.serviceFailed) return null;
  return (
    <Button
      size="compact-sm"
      fw={500}
      radius="xl"
      color="red"
      variant={filters.serviceFailed ? 'filled' : 'light'}
      aria-pressed={filters.serviceFailed}
      onClick={() => filters.set({ service: filters.serviceFailed ? '' : 'failed' })}
    >
      {t('chips.failed')}
      <Text span inherit fw={700} ms={6} className="numbers">
        {format.number(count)}
      </Text>
    </Button>
  );
}
