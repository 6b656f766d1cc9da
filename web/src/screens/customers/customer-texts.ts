/** The texts that are sent to a customer: a prepared greeting, and the customer's data. */

import { useTranslation } from 'react-i18next';
import type { CustomerRowFragment } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { useScreensChange } from './screens-change.tsx';

export interface CustomerTexts {
  /** The first message of a conversation about the expiry. */
  greeting(customer: CustomerRowFragment): string;
  /** The name, expiry and screens, as a text to copy or send. */
  data(customer: CustomerRowFragment): string;
}

export function useCustomerTexts(): CustomerTexts {
  const { t } = useTranslation('customers');
  const format = useFormat();
  const changeOf = useScreensChange();
  const until = ({ expiresAt, status }: CustomerRowFragment) => (status === 'TRIAL' ? format.dayAndTime(expiresAt) : format.day(expiresAt));
  return {
    greeting: (customer) => t(`greeting.${customer.status}`, { name: customer.name, until: until(customer) }),
    data: (customer) => {
      const { contact, name, nextScreens, screens, spans, status } = customer;
      const change = changeOf(spans, nextScreens);
      return [
        name,
        ...(contact ? [`${t('columns.contact')}: ${contact}`] : []),
        `${t('columns.status')}: ${t(`status.${status}`)}`,
        `${t('columns.expires')}: ${until(customer)}`,
        `${t('columns.screens')}: ${format.number(screens)}${change === null ? '' : ` (${change})`}`,
      ].join('\n');
    },
  };
}
