/** Who is due, as links to their lists. */

import { Skeleton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './home.module.css';

const LISTS = [
  ['tomorrow', '/customers?expiring=1'],
  ['soon', '/customers?expiring=7'],
  ['expired', '/customers?expiring=-7'],
  ['trials', '/customers?status=TRIAL'],
] as const;

/** `counts` null: not known yet. */
export function Due({ counts }: { counts: Readonly<Record<(typeof LISTS)[number][0], number>> | null }) {
  const { t } = useTranslation('home');
  const format = useFormat();
  return (
    <nav className={classes.due} aria-label={t('due.label')}>
      {LISTS.map(([name, to]) =>
        counts ? (
          <Link key={name} to={to} className={classes.chip} data-due={name !== 'trials' && counts[name] > 0 ? name : undefined}>
            <span>{t(`due.${name}`)}</span> <b className="numbers">{format.number(counts[name])}</b>
          </Link>
        ) : (
          <Skeleton key={name} h={36} radius="xl" />
        ),
      )}
    </nav>
  );
}
