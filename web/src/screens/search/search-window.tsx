/** The global search, built on Mantine's Spotlight. */

import '@mantine/spotlight/styles.layer.css';
import { Button, Loader, Text } from '@mantine/core';
import { createSpotlight, Spotlight } from '@mantine/spotlight';
import { type Icon, IconReceipt, IconSearch, IconShoppingCart, IconUser, IconUsersGroup } from '@tabler/icons-react';
import { type ReactNode, useEffect, useId, useLayoutEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useFormat } from '../../i18n/use-format.ts';
import { useBackCloses } from '../../ui/use-back-closes.ts';
import { PurchaseBadge } from '../buy/purchase-facts.tsx';
import { useDaysLeft } from '../customers/days-left.ts';
import classes from './search.module.css';
import { type Place, useNavigationMatches } from './use-navigation-matches.ts';
import { type Found, useSearchResults } from './use-search-results.ts';

const LONGEST = 100;

const [store, spotlight] = createSpotlight();

/** One line of the results: its target and its text. */
interface Line {
  readonly key: string;
  readonly to: string;
  readonly icon: Icon;
  readonly label: string;
  readonly note?: string;
  readonly aside?: ReactNode;
}

interface Group {
  readonly name: string;
  readonly lines: readonly Line[];
}

/** The focus stays in the field: arrow keys choose a line, Enter opens it, Escape or Back closes the search. */
export function SearchWindow({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation('search');
  const [typed, setTyped] = useState('');
  useEffect(() => {
    if (isOpen) spotlight.open();
    else spotlight.close();
  }, [isOpen]);
  return (
    <Spotlight.Root
      store={store}
      shortcut={null}
      query={typed}
      onQueryChange={setTyped}
      onSpotlightClose={onClose}
      attributes={{ content: { 'aria-label': t('field') } }}
      classNames={{ content: classes.content, inner: classes.inner, action: classes.action, actionsGroup: classes.group }}
      maxHeight="min(520px, calc(100dvh - 32px))"
      yOffset="max(16px, 8dvh)"
      // No blur: it costs a cheap phone a frame or more.
      overlayProps={{ backgroundOpacity: 0.4 }}
      scrollable
    >
      <Inside typed={typed} />
    </Spotlight.Root>
  );
}

function Inside({ typed }: { typed: string }) {
  const { t } = useTranslation('search');
  const { t: common } = useTranslation();
  const navigate = useNavigate();
  const id = useId();
  const { found, isLoading, hasFailed, again } = useSearchResults(typed);
  const { actions, screens } = useNavigationMatches(typed);
  const [selected, select] = useState(0);
  const groups = [
    ...useGroups(found),
    { name: t('actions'), lines: actions.map(lineOf) },
    { name: t('screens'), lines: screens.map(lineOf) },
  ].filter(({ lines }) => lines.length > 0);
  const lines = groups.flatMap((group) => group.lines);
  const idOf = ({ key }: Line) => `${id}-${key}`;
  const chosen = lines[selected];
  const shown = lines.map(({ key }) => key).join(' ');
  useBackCloses(spotlight.close);
  // Results arrive after typing, and Enter opens the first one. Runs before the paint, so that later arrow keys keep their effect.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the dependencies decide when it runs
  useLayoutEffect(() => {
    store.updateState((state) => ({ ...state, selected: 0 }));
    select(0);
  }, [shown, typed]);
  const words = isLoading ? t('asking') : t('none', { text: typed.trim() });
  return (
    <>
      <Spotlight.Search
        placeholder={t('hint')}
        aria-label={t('field')}
        maxLength={LONGEST}
        // Spotlight does not announce which line the arrow keys chose.
        onKeyDown={() => queueMicrotask(() => select(store.getState().selected))}
        leftSection={isLoading ? <Loader size={18} aria-hidden /> : <IconSearch size={20} stroke={1.7} aria-hidden />}
        role="combobox"
        aria-expanded={lines.length > 0}
        aria-autocomplete="list"
        aria-controls={`${id}-list`}
        aria-activedescendant={chosen && idOf(chosen)}
      />
      <Spotlight.ActionsList>
        <div role="status" className={classes.words}>
          {hasFailed ? t('failed') : lines.length === 0 ? words : null}
          {lines.length === 0 && !isLoading && !hasFailed ? (
            <Text size="xs" c="dimmed">
              {t('noneHint')}
            </Text>
          ) : null}
        </div>
        {hasFailed ? (
          <Button size="xs" variant="default" ml="md" onClick={again}>
            {common('actions.retry')}
          </Button>
        ) : null}
        <div role="listbox" id={`${id}-list`} aria-label={t('results')}>
          {groups.map(({ name, lines: own }) => (
            <Spotlight.ActionsGroup key={name} label={name} role="group" aria-label={name}>
              {own.map((line) => (
                <Spotlight.Action
                  key={line.key}
                  ref={(button: HTMLButtonElement | null) => {
                    // Spotlight does not pass `id` on to the element.
                    if (button) button.id = idOf(line);
                  }}
                  role="option"
                  aria-selected={line === chosen}
                  data-selected={line === chosen || undefined}
                  onClick={() => navigate(line.to)}
                >
                  <Words line={line} />
                </Spotlight.Action>
              ))}
            </Spotlight.ActionsGroup>
          ))}
        </div>
      </Spotlight.ActionsList>
    </>
  );
}

function Words({ line: { aside, icon: Icon, label, note } }: { line: Line }) {
  return (
    <>
      <Icon size={20} stroke={1.7} className={classes.icon} aria-hidden />
      <span className={classes.text}>
        <span className={classes.label}>{label}</span>
        {note ? <span className={classes.note}>{note}</span> : null}
      </span>
      {aside}
    </>
  );
}

function lineOf({ to, label, icon }: Place): Line {
  return { key: `place${to.replace(/\W/g, '-')}`, to, icon, label };
}

/** The server's results, one group for each kind. */
function useGroups({ customers, purchases, resellers, sales }: Found): readonly Group[] {
  const { t } = useTranslation('search');
  const format = useFormat();
  const daysLeft = useDaysLeft();
  const credits = (count: number) => t('credits', { count, amount: format.number(count) });
  const page = (screen: string, id: string) => `/${screen}/${encodeURIComponent(id)}`;
  const orders: Line[] = [
    ...sales.map(({ buyer, id, number, quantity, status }) => ({
      key: `sale-${number}`,
      to: `/sales?q=${number}`,
      icon: IconReceipt,
      label: buyer ? t('sold', { number, buyer: buyer.name }) : t('soldAway', { number }),
      note: credits(quantity),
      aside: <PurchaseBadge key={id} status={status} />,
    })),
    ...purchases.map(({ id, number, quantity, status }) => ({
      key: `purchase-${number}`,
      to: '/buy',
      icon: IconShoppingCart,
      label: t('bought', { number }),
      note: credits(quantity),
      aside: <PurchaseBadge key={id} status={status} />,
    })),
  ];
  return [
    {
      name: t('customers'),
      lines: customers.map((customer, index) => ({
        key: `customer-${index}`,
        to: page('customers', customer.id),
        icon: IconUser,
        label: customer.name,
        note: [customer.contact, daysLeft(customer).text].filter(Boolean).join(' · '),
      })),
    },
    {
      name: t('resellers'),
      lines: resellers.map(({ above, balance, id, name }, index) => ({
        key: `reseller-${index}`,
        to: page('resellers', id),
        icon: IconUsersGroup,
        label: name,
        note: [above === null ? null : t('under', { name: above }), balance === null ? null : credits(balance)].filter(Boolean).join(' · '),
      })),
    },
    { name: t('orders'), lines: orders },
  ];
}
