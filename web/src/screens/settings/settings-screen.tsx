/** The screen of the settings. */

import { useTranslation } from 'react-i18next';
import { useLocation } from 'react-router';
import { useMay, useOwnAccount, useViewer } from '../../data/live-context.ts';
import { isOpenWhileLocked } from '../../shell/lock-gate.tsx';
import { Page } from '../../ui/page.tsx';
import { RouteTabs } from '../../ui/route-tabs.tsx';
import { ApiKeys } from './api-keys.tsx';
import { AuditLog } from './audit-log.tsx';
import { PanelSettings } from './panel-settings.tsx';
import { Policy } from './policy.tsx';
import { Security } from './security.tsx';
import { Team } from './team.tsx';

const PARTS = { security: Security, panel: PanelSettings, team: Team, keys: ApiKeys, policy: Policy, audit: AuditLog };

/** One's own account for everybody, and all that a locked panel reaches; the panel for its owner; the network's rules for the owner of its root. */
export function SettingsScreen() {
  const { t } = useTranslation('settings');
  const { owner } = useMay();
  const { pathname } = useLocation();
  // A tab that is closed while the panel is locked is left by the gate, which knows the way back.
  const isLocked = useOwnAccount()?.locked === true && isOpenWhileLocked(pathname);
  const isRoot = useViewer().reseller?.depth === 0;
  const names: readonly (keyof typeof PARTS)[] =
    owner && !isLocked ? ['security', 'panel', 'team', 'keys', ...(isRoot ? (['policy'] as const) : []), 'audit'] : ['security'];
  return (
    <Page title={t('title')}>
      <RouteTabs path="/settings" parts={names.map((name) => ({ name, label: t(`tabs.${name}`), Content: PARTS[name] }))} />
    </Page>
  );
}
