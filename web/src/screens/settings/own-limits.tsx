/** The limits that the parent has set for the panel. */

import { useQuery } from '@apollo/client/react';
import { List } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import { OwnLimitsDocument } from './documents.ts';
import { Section } from './section.tsx';

const FIELDS = ['maxResellers', 'maxCustomers', 'maxTrialsPerDay', 'maxScreensPerCustomer'] as const;

/** Renders nothing if there are no limits. */
export function OwnLimits() {
  const { t } = useTranslation('settings');
  const format = useFormat();
  const { data } = useQuery(OwnLimitsDocument, { fetchPolicy: 'cache-and-network' });
  const limits = data?.viewer.reseller?.limits;
  if (!limits) return null;
  return (
    <Section title={t('limits.title')} text={t('limits.text')}>
      <List size="sm">
        {limits.mayCreateResellers ? null : <List.Item>{t('limits.mayNotCreate')}</List.Item>}
        {FIELDS.map((field) => {
          const most = limits[field];
          return most === null ? null : (
            <List.Item key={field}>{t(`limits.${field}`, { count: most, amount: format.number(most) })}</List.Item>
          );
        })}
      </List>
    </Section>
  );
}
