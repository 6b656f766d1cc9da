/** The page for an address that does not exist. */

import { Button } from '@mantine/core';
import { IconCompass } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { EmptyState } from '../ui/empty-state.tsx';

export function NotFound() {
  const { t } = useTranslation();
  return (
    <EmptyState
      icon={IconCompass}
      title={t('failure.notFound')}
      action={
        <Button component={Link} to="/" variant="light">
          {t('failure.home')}
        </Button>
      }
    >
      {t('failure.notFoundText')}
    </EmptyState>
  );
}
