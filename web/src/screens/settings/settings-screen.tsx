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

const PARTS = {
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

/** One's own account for everybody, and all that a locked panel reaches; the panel for its owner; the network's rules for the owner of its root. */
export function SettingsScreen() {
  const { t } = useTranslation('settings');
  const { owner } = useMay();
  const { pathname } = useLocation();
  // A tab that is closed while the lock closes the panel is left by the gate, which knows the way back.
  const isClosed = useIsClosed() && isOpenWhileLocked(pathname);
  const isRoot = useViewer().reseller?.depth === 0;
  const names: readonly (keyof typeof PARTS)[] =
    owner && !isClosed
      ? ['security', 'panel', 'plans', 'reminders', 'team', 'keys', 'integrations', ...(isRoot ? (['policy'] as const) : []), 'audit']
      : ['security'];
  const needsOwner = useAttention('/settings');
  return (
    <Page title={t('title')}>
      <RouteTabs
        path="/settings"
        parts={names.map((name) => ({
          name,
          label: t(`tabs.${name}`),
          alert: name === 'integrations' && needsOwner ? t('tabs.integrationsOff') : null,
          Content: PARTS[name],
        }))}
      />
    </Page>
  );
}
