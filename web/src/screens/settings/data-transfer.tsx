/** For the owner of a root panel: the import of data from another system, and the export of everything as tables. */

import { Button, Text } from '@mantine/core';
import { IconFileZip, IconTableImport } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useMay, useViewer } from '../../data/live-context.ts';
import { Section } from './section.tsx';

/** Renders nothing if the server would refuse the viewer. */
export function DataTransfer() {
  const { t } = useTranslation('settings');
  const { owner } = useMay();
  const isRoot = useViewer().reseller?.depth === 0;
  if (!owner || !isRoot) return null;
  return (
    <>
      <Section title={t('importData.title')} text={t('importData.text')}>
        <Button component={Link} to="/imports" w="fit-content" variant="light" leftSection={<IconTableImport size={18} aria-hidden />}>
          {t('importData.begin')}
        </Button>
      </Section>
      <Section title={t('exportData.title')} text={t('exportData.text')}>
        <Button
          component="a"
          href="/export/tenant.zip"
          download
          w="fit-content"
          variant="light"
          leftSection={<IconFileZip size={18} aria-hidden />}
        >
          {t('exportData.download')}
        </Button>
        <Text size="sm" c="dimmed">
          {t('exportData.private')}
        </Text>
      </Section>
    </>
  );
}
