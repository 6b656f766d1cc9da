/** The list of packages for sale. */

import { SimpleGrid, Text, UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { BuyQuery } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './package-list.module.css';

export type Package = BuyQuery['creditPackages'][number];

/** The packages for sale; a tap fills in a package's quantity. `reached`: the package whose unit price applies to the quantity. */
export function PackageList({
  packages,
  reached,
  onPick,
}: {
  packages: readonly Package[];
  reached: string | null;
  onPick: (quantity: number) => void;
}) {
  const { t } = useTranslation('buying');
  const format = useFormat();
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, lg: 4 }} spacing="sm" role="group" aria-label={t('packages.title')}>
      {packages.map(({ id, quantity, unitPriceMinor, totalMinor, currency }) => (
        <UnstyledButton key={id} className={classes.package} p="sm" aria-pressed={id === reached} onClick={() => onPick(quantity)}>
          <Text fw={700} size="lg" className="numbers" lh={1.3}>
            {t('purchases.amount', { count: quantity, amount: format.number(quantity) })}
          </Text>
          <Text size="sm" fw={600} className="numbers">
            {t('packages.each', { price: format.money(unitPriceMinor, currency) })}
          </Text>
          <Text size="xs" c="dimmed" className="numbers">
            {t('form.total')}: {format.money(totalMinor, currency)}
          </Text>
        </UnstyledButton>
      ))}
    </SimpleGrid>
  );
}

/** The largest package that is not above the quantity. Its unit price applies. */
export function packageFor(packages: readonly Package[], quantity: number): Package | null {
  return packages.filter((each) => each.quantity <= quantity).at(-1) ?? null;
}
