/** Customers' payments in a chart's period, the cost of the credits spent on them, and how that cost was calculated. */

import { SimpleGrid, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ConsumptionQuery } from '../gql/graphql.ts';
import { useFormat } from '../i18n/use-format.ts';

type Report = NonNullable<NonNullable<ConsumptionQuery['reseller']>['report']>;

/** Renders nothing if the viewer may not see money, or if no customer has paid yet. */
export function Money({ report }: { report: Report }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { boughtCredits, boughtMinor, currency } = report;
  const { creditCostMinor: cost, receivedMinor: received } = report.total;
  if (currency === null || received === 0) return null;
  const money = (minor: number | null) => (minor === null ? '—' : format.money(minor, currency));
  const figures = [
    ['received', received],
    ['cost', cost],
    ['profit', received === null || cost === null ? null : received - cost],
  ] as const;
  return (
    <Stack gap={6} component="section" aria-label={t('money.label')}>
      <SimpleGrid cols={3} spacing="xs" component="dl" m={0}>
        {figures.map(([name, minor]) => (
          <div key={name}>
            <Text size="xs" c="dimmed" component="dt">
              {t(`money.${name}`)}
            </Text>
            <Text fw={650} component="dd" m={0} className="numbers">
              {money(minor)}
            </Text>
          </div>
        ))}
      </SimpleGrid>
      <Text size="xs" c="dimmed">
        {t('money.paid')}{' '}
        {boughtCredits && boughtMinor
          ? t('money.how', {
              average: format.money(boughtMinor / boughtCredits, currency),
              count: boughtCredits,
              credits: format.number(boughtCredits),
              total: format.money(boughtMinor, currency),
            })
          : t('money.noPrice')}
      </Text>
    </Stack>
  );
}
