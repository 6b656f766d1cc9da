/** The form that buys credits. */

import { Card, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useIntent } from '../../data/use-intent.ts';
import { type QuoteState, useQuote } from '../../data/use-quote.ts';
import type { BuyCreditsInput, PaymentProvider, PurchaseRowFragment } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { amountOf, CreditsInput } from '../../ui/credits-input.tsx';
import { fieldProblems } from '../../ui/field-problems.ts';
import { IntentForm } from '../../ui/intent-form.tsx';
import { BuyCreditsDocument, OwnPurchasesDocument } from './documents.ts';
import { type Package, PackageList, packageFor } from './package-list.tsx';

/** The smallest quantity if the seller has no price list. */
const WITHOUT_LIST = 10;

interface Props {
  readonly packages: readonly Package[];
  readonly methods: readonly PaymentProvider[];
  readonly onBought: (purchase: PurchaseRowFragment) => void;
}

export function BuyForm({ packages, methods, onBought }: Props) {
  const { t } = useTranslation('buying');
  const format = useFormat();
  const least = packages[0]?.quantity ?? WITHOUT_LIST;
  const start: { quantity: number | string; provider: PaymentProvider } = {
    quantity: least,
    provider: methods.find((method) => method === 'MERCADO_PAGO') ?? methods[0] ?? 'MANUAL',
  };
  const form = useForm({
    initialValues: start,
    validate: { quantity: (value) => (amountOf(value, least) === null ? t('form.minimum', { amount: least }) : null) },
  });
  const quantity = amountOf(form.values.quantity, least);
  const quote = useQuote(quantity === null ? null : { buy: { quantity } });
  const intent = useIntent(
    async (apollo, input: BuyCreditsInput) =>
      (await apollo.mutate({ mutation: BuyCreditsDocument, variables: { input }, refetchQueries: [OwnPurchasesDocument] })).data
        ?.buyCredits,
    {
      onDone: ({ purchase }) => onBought(purchase),
      onRefused: (refusal) => form.setErrors(fieldProblems(refusal)),
    },
  );
  const submit = form.onSubmit(({ provider }) =>
    intent.send((idempotencyKey) => ({ quantity: quantity ?? least, ...(methods.length > 0 ? { provider } : {}), idempotencyKey })),
  );
  return (
    <Stack gap="md">
      <PackageList
        packages={packages}
        reached={quantity === null ? null : (packageFor(packages, quantity)?.id ?? null)}
        onPick={(value) => form.setFieldValue('quantity', value)}
      />
      <Card withBorder maw={520}>
        <IntentForm intent={intent} onSubmit={submit} submitLabel={t('form.submit')} isBlocked={!quote.quote}>
          <CreditsInput
            label={t('form.quantity')}
            description={t('form.minimum', { amount: format.number(least) })}
            step={least}
            {...form.getInputProps('quantity')}
          />
          {methods.length > 1 ? (
            <div>
              <Text size="sm" fw={500} id="buy-method" mb={4}>
                {t('form.method')}
              </Text>
              <SegmentedControl
                fullWidth
                aria-labelledby="buy-method"
                data={methods.map((value) => ({ value, label: t(`methods.${value}`) }))}
                {...form.getInputProps('provider')}
              />
            </div>
          ) : null}
          <Price state={quote} quantity={quantity ?? 0} />
        </IntentForm>
      </Card>
    </Stack>
  );
}

/** The price of the purchase and the balance after it. A purchase costs money, not credits. */
function Price({ state: { quote }, quantity }: { state: QuoteState; quantity: number }) {
  const { t } = useTranslation('buying');
  const format = useFormat();
  const total = quote?.totalMinor ?? null;
  const currency = quote?.currency ?? 'BRL';
  return (
    <Stack gap={4} aria-live="polite" data-quote={quote ? 'ready' : 'asking'}>
      <Line label={t('form.each')}>{total === null ? '…' : format.money(total / quantity, currency)}</Line>
      <Line label={t('form.total')}>
        <Text span fw={700} size="lg">
          {total === null ? '…' : format.money(total, currency)}
        </Text>
      </Line>
      <Line label={t('form.after')}>{quote ? format.number(quote.balanceAfter) : '…'}</Line>
    </Stack>
  );
}

function Line({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Group justify="space-between" gap="sm">
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text size="sm" component="div" className="numbers">
        {children}
      </Text>
    </Group>
  );
}
