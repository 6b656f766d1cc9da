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
  /** All were asked for: the selection has served. */
  readonly onRenewed: () => void;
  readonly onClose: () => void;
}

/** One number of periods for many customers, as far as the balance goes, with what became of each. */
export function RenewManyDialog({ selected, onRenewed, onClose }: Props) {
  const { t } = useTranslation('customers');
  // What was selected when it opened: renewed rows come back while it runs.
  const customers = useMemo(() => selected.filter(isRenewable), [selected]);
  const leftOut = selected.length - customers.length;
  const title = t('bulk.title', { count: customers.length });
  const bulk = useBulkRenewal(customers, title, (renewed, failed) => {
    // The window may be gone by now: the last credit leads to the buy page.
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

/** Whose screens change when what is paid for ends. */
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
  /** Below 0: it goes as far as the balance. */
  readonly after: number;
  readonly balanceAfter: number;
  /** Without the reserve it goes as far as that. */
  readonly wouldUseReserve: boolean;
}

/** A renewal costs its periods at the customer's next number of screens: of many, the sum. */
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
        isAsking={false}
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
