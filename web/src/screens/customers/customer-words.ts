/** What is written to a customer: a prepared greeting, and a text with its data. */

import { useTranslation } from 'react-i18next';
import type { CustomerRowFragment } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { useScreensChange } from './screens-change.tsx';

export interface CustomerWords {
  /** Opens a conversation on what is due. */
  greeting(customer: CustomerRowFragment): string;
  /** Who, until when, on how many screens: to be copied, or sent. */
  data(customer: CustomerRowFragment): string;
}

export function useCustomerWords(): CustomerWords {
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
