import { Tabs } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Navigate, useNavigate, useParams } from 'react-router';
import { useMay, useViewer } from '../../live/live-context.ts';
import { Page } from '../../ui/page.tsx';
import { ApiKeys } from './api-keys.tsx';
import { AuditLog } from './audit-log.tsx';
import { PanelSettings } from './panel-settings.tsx';
import { Policy } from './policy.tsx';
import { Security } from './security.tsx';
import { Team } from './team.tsx';

const PARTS = { security: Security, panel: PanelSettings, team: Team, keys: ApiKeys, policy: Policy, audit: AuditLog };
type Part = keyof typeof PARTS;

/** One's own account for everybody; the panel for its owner; the network's rules for the owner of its root. Each part has an address. */
export function SettingsScreen() {
  const { t } = useTranslation('settings');
  const { owner } = useMay();
  const { reseller } = useViewer();
  const navigate = useNavigate();
  const { tab = 'security' } = useParams();
  const isRoot = reseller?.depth === 0;
  const offered: readonly Part[] = owner
    ? ['security', 'panel', 'team', 'keys', ...(isRoot ? (['policy'] as const) : []), 'audit']
    : ['security'];
  const part = offered.find((each) => each === tab);
  if (!part) return <Navigate to="/settings" replace />;
  return (
    <Page title={t('title')}>
      <Tabs value={part} onChange={(to) => navigate(to === 'security' ? '/settings' : `/settings/${to}`)} keepMounted={false}>
        {offered.length > 1 ? (
          <Tabs.List mb="md">
            {offered.map((each) => (
              <Tabs.Tab key={each} value={each}>
                {t(`tabs.${each}`)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
        ) : null}
        {offered.map((each) => {
          const Content = PARTS[each];
          return (
            <Tabs.Panel key={each} value={each}>
              <Content />
            </Tabs.Panel>
          );
        })}
      </Tabs>
    </Page>
  );
}
