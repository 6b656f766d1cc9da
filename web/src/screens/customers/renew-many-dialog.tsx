/** The dialog that renews the selected customers. */

import { Alert, Button, List, Progress, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconLock } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useOwnAccount, useViewer } from '../../data/live-context.ts';
import type { CustomerRowFragment } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { DialogFooter } from '../../ui/dialog-footer.tsx';
import { IntentForm } from '../../ui/intent-form.tsx';
import { IntentModal } from '../../ui/intent-modal.tsx';
import { notifyDone, notifyProblem } from '../../ui/notify.ts';
import { QuoteBox } from '../../ui/quote-box.tsx';
import { ReserveChoice, useReserve } from '../../ui/reserve-choice.tsx';
import { useRefusalText } from '../../ui/use-refusal-text.ts';
import { isRenewable } from './actions.ts';
import { PeriodsInput } from './periods-input.tsx';
import { useChecks } from './rules.ts';
import { useScreensChange } from './screens-change.tsx';
import { type BulkRenewal, useBulkRenewal } from './use-bulk-renewal.ts';

interface Props {
  readonly selected: readonly CustomerRowFragment[];
  /** Called when every customer was processed, so that the selection can be cleared. */
  readonly onRenewed: () => void;
  readonly onClose: () => void;
}

/** Renews many customers by the same number of periods, until the balance is used up, and shows each failure. */
export function RenewManyDialog({ selected, onRenewed, onClose }: Props) {
  const { t } = useTranslation('customers');
  // Keeps the selection from when the dialog opened, because renewed rows change while it runs.
  const customers = useMemo(() => selected.filter(isRenewable), [selected]);
  const leftOut = selected.length - customers.length;
  const title = t('bulk.title', { count: customers.length });
  const bulk = useBulkRenewal(customers, title, (renewed, failed) => {
    // The dialog may be closed by now, because a panel without credits is redirected to the buy page.
    if (failed > 0) notifyProblem(t('bulk.failedShort', { renewed, failed }));
    else notifyDone(t('bulk.renewed', { count: renewed }));
    onRenewed();
  });
  const close = () => {
    if (bulk.state !== 'running') onClose();
  };
  return (
    <IntentModal title={title} onClose={close}>
      <Stack gap="md">
        {leftOut > 0 ? <Alert color="yellow">{t('bulk.trials', { count: leftOut })}</Alert> : null}
        {bulk.state === 'done' ? <Summary bulk={bulk} onClose={onClose} /> : <Terms customers={customers} bulk={bulk} onClose={close} />}
      </Stack>
    </IntentModal>
  );
}

interface TermsProps {
  readonly customers: readonly CustomerRowFragment[];
  readonly bulk: BulkRenewal;
  readonly onClose: () => void;
}

function Terms({ customers, bulk, onClose }: TermsProps) {
  const { t } = useTranslation('customers');
  const initialValues: { periods: number | string } = { periods: 1 };
  const form = useForm({ initialValues, validate: { periods: useChecks().periods } });
  const { periods } = form.values;
  const cost = useCost(customers, typeof periods === 'number' ? periods : 0);
  const reserve = useReserve(cost);
  const run = () => bulk.run({ periods: Number(periods), useReserve: reserve.useReserve });
  const submit = form.onSubmit(run);
  const intent = {
    isSending: bulk.state === 'running',
    isUncertain: bulk.state === 'uncertain',
    refusal: null,
    again: run,
    showAs: () => {},
  };
  const done = bulk.renewed + bulk.failed.length;
  return (
    <IntentForm intent={intent} onSubmit={submit} submitLabel={t('bulk.submit')} onCancel={onClose} isBlocked={customers.length === 0}>
      <PeriodsInput field={form.getInputProps('periods')} onPick={(value) => form.setFieldValue('periods', value)} />
      <Cost {...cost} />
      <ReserveChoice reserve={reserve} />
      <Changes customers={customers} />
      {bulk.state === 'ready' ? null : (
        <Stack gap={4} aria-live="polite">
          <Progress
            value={(100 * done) / customers.length}
            animated={bulk.state === 'running'}
            aria-label={t('bulk.title', { count: customers.length })}
          />
          <Text size="xs" c="dimmed" className="numbers">
            {t('bulk.progress', { done, total: customers.length })}
          </Text>
        </Stack>
      )}
    </IntentForm>
  );
}

/** Lists the customers whose number of screens changes after the paid term. */
function Changes({ customers }: { customers: readonly CustomerRowFragment[] }) {
  const { t } = useTranslation('customers');
  const textOf = useScreensChange();
  const changes = customers.flatMap(({ id, name, nextScreens, spans }) => {
    const text = textOf(spans, nextScreens);
    return text === null ? [] : [{ id, name, text }];
  });
  if (changes.length === 0) return null;
  return (
    <Alert color="blue" title={t('bulk.screensChange', { count: changes.length })}>
      <List size="sm" style={{ maxHeight: '12rem', overflowY: 'auto' }}>
        {changes.map(({ id, name, text }) => (
          <List.Item key={id}>
            {name}: {text}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}

interface CostOfMany {
  readonly cost: number;
  /** If below 0, the renewal stops when the balance is used up. */
  readonly after: number;
  readonly balanceAfter: number;
  /** If true and the reserve may not be used, the renewal stops at the reserve. */
  readonly wouldUseReserve: boolean;
}

/** The sum of all renewals. Each costs its periods times the customer's next number of screens. */
function useCost(customers: readonly CustomerRowFragment[], periods: number): CostOfMany {
  const { balance = 0, reserveThreshold = 0 } = useOwnAccount() ?? {};
  const isKept = useViewer().reseller?.account.keepReserve ?? false;
  const cost = customers.reduce((sum, { nextScreens }) => sum + nextScreens * periods, 0);
  const after = balance - cost;
  return { cost, after, balanceAfter: Math.max(0, after), wouldUseReserve: isKept && after < reserveThreshold };
}

function Cost({ cost, after, balanceAfter, wouldUseReserve }: CostOfMany) {
  const { t } = useTranslation('customers');
  return (
    <Stack gap="xs">
      <QuoteBox
        quote={{
          __typename: 'Quote',
          cost,
          balanceAfter,
          affordable: true,
          wouldUseReserve,
          willLock: false,
          expiresAt: null,
          screens: null,
          screensChangeAt: null,
          spans: null,
          sameContact: null,
          totalMinor: null,
          currency: null,
        }}
        refusal={null}
        isLoading={false}
      />
      {after < 0 ? <Alert color="orange">{t('bulk.notAffordable')}</Alert> : null}
      {after <= 0 ? (
        <Alert color="orange" icon={<IconLock aria-hidden />}>
          {t('bulk.locks')}
        </Alert>
      ) : null}
    </Stack>
  );
}

function Summary({ bulk: { renewed, failed }, onClose }: { bulk: BulkRenewal; onClose: () => void }) {
  const { t } = useTranslation('customers');
  const { t: common } = useTranslation();
  const format = useFormat();
  const refusalText = useRefusalText();
  return (
    <Stack gap="sm" role="status">
      <Text>{t('bulk.renewed', { count: renewed })}</Text>
      {failed.length > 0 ? (
        <Alert color="red" title={t('bulk.failed', { count: failed.length })}>
          <List size="sm">
            {failed.map(({ customer, refusal }) => (
              <List.Item key={customer.id}>
                {customer.name} ({format.day(customer.expiresAt)}): {refusalText(refusal)}
              </List.Item>
            ))}
          </List>
        </Alert>
      ) : null}
      <DialogFooter>
        <Button onClick={onClose}>{common('actions.close')}</Button>
      </DialogFooter>
    </Stack>
  );
}
