/** The screen of the settings. */

import { useTranslation } from 'react-i18next';
import { useLocation } from 'react-router';
import { useAttention, useMay, useViewer } from '../../data/live-context.ts';
import { useIsClosed } from '../../data/use-lock.ts';
import { isOpenWhileLocked } from '../../shell/lock-gate.tsx';
import { Page } from '../../ui/page.tsx';
import { RouteTabs } from '../../ui/route-tabs.tsx';
import { ApiKeys } from './api-keys.tsx';
import { AuditLog } from './audit-log.tsx';
import { Integrations } from './integrations.tsx';
import { PanelSettings } from './panel-settings.tsx';
import { Plans } from './plans.tsx';
import { Policy } from './policy.tsx';
import { Reminders } from './reminders.tsx';
import { Security } from './security.tsx';
import { Team } from './team.tsx';

const TABS = {
  security: Security,
  panel: PanelSettings,
  plans: Plans,
  reminders: Reminders,
  team: Team,
  keys: ApiKeys,
  integrations: Integrations,
  policy: Policy,
  audit: AuditLog,
};

/**
 * Everybody sees the security of their own account; a panel closed by the lock sees only that. Owners also see the panel's
 * settings, and the owner of the root sees the policy.
 */
export function SettingsScreen() {
  const { t } = useTranslation('settings');
  const { owner } = useMay();
  const { pathname } = useLocation();
  // On a tab that the lock closes, the lock gate redirects and remembers the way back, so the tabs stay for now.
  const isClosed = useIsClosed() && isOpenWhileLocked(pathname);
  const isRoot = useViewer().reseller?.depth === 0;
  const names: readonly (keyof typeof TABS)[] =
    owner && !isClosed
      ? ['security', 'panel', 'plans', 'reminders', 'team', 'keys', 'integrations', ...(isRoot ? (['policy'] as const) : []), 'audit']
      : ['security'];
  const needsOwner = useAttention('/settings');
  return (
    <Page title={t('title')}>
      <RouteTabs
        path="/settings"
        tabs={names.map((name) => ({
          name,
          label: t(`tabs.${name}`),
          alert: name === 'integrations' && needsOwner ? t('tabs.integrationsOff') : null,
          Content: TABS[name],
        }))}
      />
    </Page>
  );
}
