/** Shows the buyer how to pay: a Pix code, a link to a page, or the seller's text. */

import { Button, Group, Stack, Text } from '@mantine/core';
import { IconClock, IconExternalLink } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { PurchaseRowFragment, SellerCardFieldsFragment } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { PixCode } from './pix-code.tsx';
import { ReportPayment } from './report-payment.tsx';
import { WhatsAppButton } from './seller-contact.tsx';

/** A Pix copy-and-paste code starts with the version of its format. */
const PIX = /^000201/;

/** The payment instructions: a code to scan, a page to open, or a text. */
export function HowToPay({
  purchase,
  seller,
}: {
  purchase: PurchaseRowFragment;
  /** null: the seller has published no card. */
  seller: SellerCardFieldsFragment | null;
}) {
  const { paymentInstructions, expiresAt, number, quantity, totalMinor, currency } = purchase;
  const { t } = useTranslation('buying');
  const format = useFormat();
  const credits = t('purchases.amount', { count: quantity, amount: format.number(quantity) });
  const price = format.money(totalMinor, currency);
  return (
    <Stack gap="md">
      <Text fw={600} ta="center" className="numbers">
        {t('purchases.number', { number })} · {credits} · {price}
      </Text>
      <Instructions text={paymentInstructions ?? ''} />
      {seller?.instructions ? (
        <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {seller.instructions}
        </Text>
      ) : null}
      <ReportPayment purchase={purchase} />
      {seller ? <WhatsAppButton card={seller} text={t('seller.order', { number, credits, price })} /> : null}
      <Group gap="xs" justify="center" wrap="nowrap" role="status">
        <IconClock size={16} aria-hidden />
        <Text size="xs" c="dimmed">
          {t('pay.waiting')}
        </Text>
      </Group>
      <Text size="xs" c="dimmed" ta="center">
        {t('pay.until', { until: format.dayAndTime(expiresAt) })}
      </Text>
    </Stack>
  );
}

function Instructions({ text }: { text: string }) {
  const { t } = useTranslation('buying');
  if (PIX.test(text)) return <PixCode code={text} />;
  if (text.startsWith('https://')) {
    return (
      <Button component="a" href={text} target="_blank" rel="noopener noreferrer" rightSection={<IconExternalLink size={16} aria-hidden />}>
        {t('pay.link')}
      </Button>
    );
  }
  return (
    <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
      {text || t('pay.manual')}
    </Text>
  );
}
