/** The screen of the viewer's own statement. */

import { Button } from '@mantine/core';
import { IconShoppingCart } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useMay, useViewer } from '../../data/live-context.ts';
import { NotFound } from '../../shell/not-found.tsx';
import { Page } from '../../ui/page.tsx';
import { Statement } from './statement.tsx';

/** The viewer's own statement, with a link to the buy page. */
export function StatementScreen() {
  const { t } = useTranslation('statement');
  const { reseller } = useViewer();
  const may = useMay();
  if (!reseller) return <NotFound />;
  return (
    <Page
      title={t('title')}
      actions={
        may.credits ? (
          <Button component={Link} to="/buy" leftSection={<IconShoppingCart size={16} aria-hidden />}>
            {t('buy')}
          </Button>
        ) : null
      }
    >
      <Statement resellerId={reseller.id} title={t('statement')} />
    </Page>
  );
}
