/** The platform's screen. */

import { useTranslation } from 'react-i18next';
import { Navigate } from 'react-router';
import { useMay } from '../../data/live-context.ts';
import { Page } from '../../ui/page.tsx';
import { RouteTabs } from '../../ui/route-tabs.tsx';
import { Health } from './health.tsx';
import { Tenants } from './tenants.tsx';

/** The operator's view of the deployment. */
export function PlatformScreen() {
  const { t } = useTranslation('settings');
  const { platform } = useMay();
  if (!platform) return <Navigate to="/" replace />;
  const tabs = [
    { name: 'tenants', label: t('platform.tabs.tenants'), Content: Tenants },
    { name: 'health', label: t('platform.tabs.health'), Content: Health },
  ];
  return (
    <Page title={t('platform.title')}>
      <RouteTabs path="/platform" tabs={tabs} />
    </Page>
  );
}
