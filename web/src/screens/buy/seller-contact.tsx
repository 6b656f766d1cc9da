/** Shows whom to pay: the seller's name, payment instructions and WhatsApp. */

import { Button, Card, Stack, Text } from '@mantine/core';
import { IconBrandWhatsapp } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { whatsappLink } from '../../data/whatsapp.ts';
import type { SellerCardFieldsFragment } from '../../gql/graphql.ts';
import { CopyText } from '../../ui/copy-button.tsx';

export function WhatsAppButton({ card, text }: { card: SellerCardFieldsFragment; text: string }) {
  const { t } = useTranslation('buying');
  if (card.whatsapp === null) return null;
  return (
    <Button
      component="a"
      href={whatsappLink(card.whatsapp, text)}
      target="_blank"
      rel="noopener noreferrer"
      variant="light"
      leftSection={<IconBrandWhatsapp size={18} aria-hidden />}
    >
      {t('seller.whatsapp')}
    </Button>
  );
}

/** The seller's card on the buy page. A locked panel must also see whom to pay. */
export function SellerContact({ card }: { card: SellerCardFieldsFragment }) {
  const { t } = useTranslation('buying');
  return (
    <Card withBorder maw={520} component="section" aria-label={t('seller.title')} data-testid="seller">
      <Stack gap="xs" align="flex-start">
        <div>
          <Text size="sm" c="dimmed">
            {t('seller.title')}
          </Text>
          <Text fw={600} className="typed">
            {card.name}
          </Text>
        </div>
        {card.pixKey ? (
          <Text size="sm" component="div" style={{ overflowWrap: 'anywhere' }}>
            {t('card.pixKey')}: <CopyText text={card.pixKey} label={t('seller.copyKey')} />
          </Text>
        ) : null}
        {card.instructions ? (
          <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            {card.instructions}
          </Text>
        ) : null}
        <WhatsAppButton card={card} text={t('seller.hello')} />
      </Stack>
    </Card>
  );
}
