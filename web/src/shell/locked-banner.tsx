/** A banner above every screen of a locked panel that may read: it cannot spend, and how to unlock it. */

import { Alert, Button, Group, Text } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';
import { useMay } from '../data/live-context.ts';

/** Hidden on the buy page, which says it itself. */
export function LockedBanner() {
  const { t } = useTranslation();
  const may = useMay();
  if (useLocation().pathname === '/buy') return null;
  return (
    <Alert color="red" mb="md" title={t('locked.title')} icon={<IconLock aria-hidden />} data-testid="locked-banner">
      <Group justify="space-between" gap="sm">
        <Text size="sm" flex="1 1 240px">
          {t('locked.reading')}
        </Text>
        {may.credits ? (
          <Button component={Link} to="/buy" size="xs" color="red">
            {t('nav.buy')}
          </Button>
        ) : null}
      </Group>
    </Alert>
  );
}
