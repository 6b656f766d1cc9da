/** The figures of the start page: balance, expiring customers, number of customers, and spending. */

import { useQuery } from '@apollo/client/react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { askAgain } from '../../data/ask-again.ts';
import { daysFromNow } from '../../data/days-from-now.ts';
import { useOnReconnect } from '../../data/live-context.ts';
import { useChange } from '../../data/use-change.ts';
import type { AccountStateFragment, FiguresQuery } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { Failure } from '../../ui/failure.tsx';
import { Figure } from '../../ui/figure.tsx';
import { quickEnds } from '../customers/quick-lists.ts';
import { FiguresDocument } from './documents.ts';
import { Due } from './due.tsx';
import { Hero } from './hero.tsx';
import classes from './home.module.css';
import { MessagesToday } from './messages-today.tsx';

type Report = NonNullable<NonNullable<FiguresQuery['reseller']>['report']>;

/** Renders nothing if customers have paid nothing through their links and no payment is expected. */
function Money({ report: { currency, expectedMinor, total } }: { report: Report }) {
  const { t } = useTranslation('home');
  const format = useFormat();
  const { creditCostMinor: cost, receivedMinor: received } = total;
  if (currency === null || (received === 0 && expectedMinor === 0)) return null;
  const money = (minor: number | null) => (minor === null ? '—' : format.money(minor, currency));
  // If customers pay outside the application, the cost alone would look like a loss.
  const profit = received === 0 ? null : received === null || cost === null ? t('noCost') : t('profit', { amount: money(received - cost) });
  return (
    <>
      <Figure label={t('received')} value={money(received)} note={profit} />
      <Figure label={t('expected')} value={money(expectedMinor)} note={t('expectedNote')} />
    </>
  );
}

/** Fetches the numbers again with every change of the balance, because the others may have changed too. */
export function Figures({ panelId, account }: { panelId: string; account: AccountStateFragment }) {
  const { t } = useTranslation('home');
  const format = useFormat();
  const span = useMemo(() => ({ from: daysFromNow(-30), to: daysFromNow(1), ...quickEnds(format) }), [format]);
  const { data, error, observable } = useQuery(FiguresDocument, { variables: { id: panelId, ...span } });
  const again = () => askAgain(observable);
  useOnReconnect(again);
  useChange(account.version, again);

  const panel = data?.reseller ?? null;
  const total = panel?.report?.total;
  const known = (value: number | null | undefined) => (typeof value === 'number' ? format.number(value) : null);
  return (
    <>
      <Hero panelId={panelId} account={account} perRenewal={total ? total.renewal / Math.max(1, total.renewedCustomers) : null} />
      {error && !panel ? (
        <Failure onRetry={again} />
      ) : (
        <>
          <Due counts={panel} />
          <MessagesToday />
          <div className={classes.figures}>
            <Figure
              label={t('customers')}
              value={known(panel?.customers?.totalCount)}
              note={panel?.branch ? t('branch', { amount: format.number(panel.branch.activeCustomers) }) : null}
            />
            <Figure
              label={t('spent')}
              value={known(total && total.activation + total.renewal + total.screens)}
              note={
                total ? t('renewed', { fresh: format.number(total.newCustomers), renewed: format.number(total.renewedCustomers) }) : null
              }
            />
            {panel?.report ? <Money report={panel.report} /> : null}
          </div>
        </>
      )}
    </>
  );
}
