import { Tabs } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Navigate, useNavigate, useParams } from 'react-router';
import { useMay } from '../../live/live-context.ts';
import { Page } from '../../ui/page.tsx';
import { Health } from './health.tsx';
import { Tenants } from './tenants.tsx';

/** The deployment as its operator sees it. */
export function PlatformScreen() {
  const { t } = useTranslation('settings');
  const { platform } = useMay();
  const navigate = useNavigate();
  const { tab = 'tenants' } = useParams();
  if (!platform) return <Navigate to="/" replace />;
  return (
    <Page title={t('platform.title')}>
      <Tabs value={tab} onChange={(to) => navigate(to === 'tenants' ? '/platform' : `/platform/${to}`)} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="tenants">{t('platform.tabs.tenants')}</Tabs.Tab>
          <Tabs.Tab value="health">{t('platform.tabs.health')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="tenants">
          <Tenants />
        </Tabs.Panel>
        <Tabs.Panel value="health">
          <Health />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
