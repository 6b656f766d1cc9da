/** The customers who expire soon, each with a renew button. For the start page. */

import { useQuery } from '@apollo/client/react';
import { Anchor, Group, Text, Title } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { askAgain } from '../../data/ask-again.ts';
import { useMay, useOnReconnect, useOwnAccount } from '../../data/live-context.ts';
import { useChange } from '../../data/use-change.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { Failure } from '../../ui/failure.tsx';
import { CardsSkeleton } from '../../ui/skeletons.tsx';
import { CARD_HEIGHT, CustomerCard } from './customer-cards.tsx';
import { CustomerWindow, type OpenAction } from './customer-window.tsx';
import classes from './customers.module.css';
import { CustomersDocument } from './documents.ts';
import { SOON_DAYS } from './quick-lists.ts';
import { endOf } from './use-filters.ts';

const SHOWN = 5;

/** The first few customers, soonest first, and a link to all. The screen that uses it must load the texts of `customers`. */
export function DueList() {
  const { t } = useTranslation('customers');
  const format = useFormat();
  const may = useMay();
  const [doing, setDoing] = useState<OpenAction | null>(null);
  const variables = useMemo(
    () => ({ first: SHOWN, status: 'ACTIVE', expiringBefore: endOf(SOON_DAYS, format), order: 'EXPIRING' }) as const,
    [format],
  );
  const { data, error, observable } = useQuery(CustomersDocument, { variables, fetchPolicy: 'cache-and-network' });
  const again = () => askAgain(observable);
  useOnReconnect(again);
  useChange(useOwnAccount()?.version, again);
  const page = data?.viewer.reseller?.customers;
  const total = page?.totalCount ?? 0;
  return (
    <section aria-label={t('due.title')}>
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4">
          {t('due.title')}
        </Title>
        {total > 0 ? (
          <Anchor component={Link} to={`/customers?expiring=${SOON_DAYS}`} size="sm">
            {t('due.all')} ({format.number(total)})
          </Anchor>
        ) : null}
      </Group>
      {error && !page ? <Failure onRetry={again} /> : null}
      {!error && !page ? <CardsSkeleton height={CARD_HEIGHT} /> : null}
      {page?.edges.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('due.nobody')}
        </Text>
      ) : null}
      {total > 0 ? (
        <ul className={classes.cards} aria-label={t('due.title')}>
          {page?.edges.map(({ node }) => (
            <CustomerCard key={node.id} customer={node} onToggle={null} onDo={may.customers ? setDoing : null} />
          ))}
        </ul>
      ) : null}
      {doing ? <CustomerWindow doing={doing} onClose={() => setDoing(null)} /> : null}
    </section>
  );
}
