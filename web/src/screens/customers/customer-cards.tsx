/** The customers as cards, for phones. */

import { Anchor, Box, Checkbox, Group, Text } from '@mantine/core';
import { memo, useCallback, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { CustomerRowFragment } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { ActionButton } from '../../ui/action-button.tsx';
import { CopyText } from '../../ui/copy-button.tsx';
import { CardsSkeleton } from '../../ui/skeletons.tsx';
import { ACTIONS, firstSpend } from './actions.ts';
import { CustomerActions } from './customer-actions.tsx';
import { Flag, pageOf } from './customer-facts.tsx';
import type { OpenAction } from './customer-window.tsx';
import classes from './customers.module.css';
import { useDaysLeft } from './days-left.ts';
import { useScreensChange } from './screens-change.tsx';
import { ListedService } from './service-badge.tsx';
import type { Selection } from './use-selection.ts';
import { WhatsAppButton } from './whatsapp-button.tsx';

/** The height of a card without a pending change of screens. */
export const CARD_HEIGHT = 105;

interface CardProps {
  readonly customer: CustomerRowFragment;
  readonly isSelected?: boolean;
  /** Selects or deselects the customer; null: this list has no selection. */
  readonly onToggle: ((customer: CustomerRowFragment) => void) | null;
  readonly onDo: ((doing: OpenAction) => void) | null;
}

/** Memoized: renders again only when its own customer changes, because a bulk renewal brings many changes. */
export const CustomerCard = memo(function CustomerCard({ customer, isSelected = false, onToggle, onDo }: CardProps) {
  const { t } = useTranslation('customers');
  const format = useFormat();
  const change = useScreensChange()(customer.spans, customer.nextScreens);
  const { contact, expiresAt, id, name, screens, status } = customer;
  const left = useDaysLeft()(customer);
  const until = status === 'TRIAL' ? format.dayAndTime(expiresAt) : format.day(expiresAt);
  return (
    <li className={classes.card} data-tone={left.tone} data-selected={isSelected || undefined} data-customer={name}>
      <div className={classes.head}>
        {onToggle ? <Checkbox aria-label={t('select', { name })} checked={isSelected} onChange={() => onToggle(customer)} /> : null}
        <Anchor component={Link} to={pageOf(id)} fw={600} className="typed" flex={1}>
          {name}
        </Anchor>
        <Flag {...left} />
      </div>
      <div className={classes.facts}>
        <Text size="sm" c="dimmed" component="div" className="typed" flex={1} lineClamp={2}>
          {contact ? <CopyText text={contact} label={t('copyContact')} /> : '—'}
        </Text>
        <Text size="sm" c="dimmed" className="numbers" ta="right" style={{ flexShrink: 0 }}>
          {t('screensNow', { count: screens })} · {until}
        </Text>
      </div>
      <Group gap="xs" justify="space-between" pe="sm">
        <ListedService id={id} />
        {change === null ? null : (
          <Text size="xs" c="dimmed">
            {change}
          </Text>
        )}
      </Group>
      <CardButtons customer={customer} onDo={onDo} />
    </li>
  );
});

function CardButtons({ customer, onDo }: Pick<CardProps, 'customer' | 'onDo'>) {
  const { t } = useTranslation('customers');
  const kind = firstSpend(customer);
  const Icon = kind === null ? null : ACTIONS[kind].icon;
  return (
    <div className={classes.buttons}>
      <WhatsAppButton customer={customer} px={6} />
      {onDo && kind !== null && Icon !== null ? (
        <ActionButton
          px={6}
          variant="light"
          leftSection={<Icon size={18} aria-hidden />}
          aria-label={t(`${kind}Of`, { name: customer.name })}
          onClick={() => onDo({ kind, customer })}
        >
          {t(`actions.${kind}`)}
        </ActionButton>
      ) : null}
      {onDo ? <CustomerActions customer={customer} onDo={onDo} /> : <span />}
    </div>
  );
}

interface Props {
  readonly customers: readonly CustomerRowFragment[];
  readonly isLoading: boolean;
  /** The number of customers that match the filters. */
  readonly total: number;
  /** null: the viewer may not use bulk actions. */
  readonly selection: Selection | null;
  /** Selects all customers that match the filters, on all pages. */
  readonly onAll: () => void;
  readonly onDo: ((doing: OpenAction) => void) | null;
}

export function CustomerCards({ customers, isLoading, total, selection, onAll, onDo }: Props) {
  const { t } = useTranslation('customers');
  const format = useFormat();
  const isSelected = (customer: CustomerRowFragment) => selection?.selected.some(({ id }) => id === customer.id) ?? false;
  const latest = useRef(selection);
  useEffect(() => {
    latest.current = selection;
  });
  const toggle = useCallback((customer: CustomerRowFragment) => {
    const { selected = [], select } = latest.current ?? {};
    const others = selected.filter(({ id }) => id !== customer.id);
    select?.(others.length < selected.length ? others : [...selected, customer]);
  }, []);
  if (isLoading) return <CardsSkeleton cards={5} height={CARD_HEIGHT} />;
  const isAll = selection !== null && selection.selected.length >= total && customers.every(isSelected);
  return (
    <Box>
      {selection && customers.length > 1 ? (
        <Group mb="xs">
          <Checkbox
            label={t('selectMatching', { amount: format.number(total) })}
            checked={isAll}
            indeterminate={!isAll && selection.selected.length > 0}
            disabled={selection.isSelecting}
            onChange={() => (isAll ? selection.select([]) : onAll())}
          />
        </Group>
      ) : null}
      <ul className={classes.cards} aria-label={t('listed')}>
        {customers.map((customer) => (
          <CustomerCard
            key={customer.id}
            customer={customer}
            isSelected={isSelected(customer)}
            onToggle={selection ? toggle : null}
            onDo={onDo}
          />
        ))}
      </ul>
    </Box>
  );
}
