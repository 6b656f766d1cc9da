/** The figures of the start page. */

import { useQuery } from '@apollo/client/react';
import { Anchor } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { daysFromNow } from '../../data/days-from-now.ts';
import { useReturn } from '../../data/live-context.ts';
import { useChange } from '../../data/use-change.ts';
import type { AccountStateFragment } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { Failure } from '../../ui/failure.tsx';
import { Figure } from '../../ui/figure.tsx';
import { FiguresDocument } from './documents.ts';
import classes from './home.module.css';

/** Whose service ends within these is what Home counts and its link lists. */
const SOON_DAYS = 7;

/** Balance, customers, what ends soon, what was spent. Whatever moves the balance may have moved the other numbers too. */
export function Figures({ panelId, account }: { panelId: string; account: AccountStateFragment }) {
  const { t } = useTranslation('home');
  const format = useFormat();
  const span = useMemo(() => ({ from: daysFromNow(-30), to: daysFromNow(1), soon: daysFromNow(SOON_DAYS) }), []);
  const { data, error, refetch } = useQuery(FiguresDocument, { variables: { id: panelId, ...span } });
  const again = () => {
    refetch().catch(() => {});
  };
  useReturn(again);
  useChange(account.version, again);

  const panel = data?.reseller;
  const total = panel?.report?.total;
  const known = (value: number | null | undefined) => (typeof value === 'number' ? format.number(value) : null);
  const expiring = panel?.expiring?.totalCount;
  const balance = (
    <Figure
      label={t('balance')}
      value={format.number(account.balance)}
      note={t('reserve', { count: account.reserveThreshold, amount: format.number(account.reserveThreshold) })}
      color={account.lowBalance ? 'orange' : undefined}
    />
  );
  if (error && !panel) {
    return (
      <div className={classes.figures}>
        {balance}
        <Failure onRetry={again} />
      </div>
    );
  }
  return (
    <div className={classes.figures}>
      {balance}
      <Figure
        label={t('customers')}
        value={known(panel?.customers?.totalCount)}
        note={panel?.branch ? t('branch', { amount: format.number(panel.branch.activeCustomers) }) : null}
      />
      <Figure
        label={t('expiring')}
        value={known(expiring)}
        note={
          expiring ? (
            <Anchor component={Link} to={`/customers?expiring=${SOON_DAYS}`} size="xs">
              {t('expiringNote')}
            </Anchor>
          ) : (
            t('nobodyExpiring')
          )
        }
      />
      <Figure
        label={t('spent')}
        value={known(total && total.activation + total.renewal + total.screens)}
        note={total ? t('renewed', { fresh: format.number(total.newCustomers), renewed: format.number(total.renewedCustomers) }) : null}
      />
    </div>
  );
}
