/** Links to the lists of expiring customers, day by day, and to the other quick lists. */

import { Skeleton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { QuickCountsFragment } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { DUE_DAYS, paramsOf, QUICK_LISTS, type QuickList } from '../customers/quick-lists.ts';
import classes from './home.module.css';

const isDay = ({ expiring }: QuickList) => DUE_DAYS.some((day) => day === expiring);
const ROWS = [QUICK_LISTS.filter(isDay), QUICK_LISTS.filter((list) => !isDay(list))] as const;

function addressOf(list: QuickList): string {
  const given = Object.entries(paramsOf(list)).filter(([, value]) => value !== '');
  return `/customers?${new URLSearchParams(given)}`;
}

/** `counts` null: loading. */
export function Due({ counts }: { counts: QuickCountsFragment | null }) {
  const { t } = useTranslation('home');
  const format = useFormat();
  return (
    <nav className={classes.due} aria-label={t('due.label')}>
      {ROWS.map((lists) => (
        <div key={lists[0]?.name} className={classes.row} data-lists={lists.length}>
          {lists.map((list) => {
            const { name } = list;
            if (counts === null) return <Skeleton key={name} h={52} radius="md" />;
            const count = counts[name]?.totalCount ?? 0;
            return (
              <Link key={name} to={addressOf(list)} className={classes.chip} data-due={count > 0 ? name : undefined}>
                <span>{t(`due.${name}`)}</span> <b className="numbers">{format.number(count)}</b>
              </Link>
            );
          })}
        </div>
      ))}
    </nav>
  );
}
