/** Checks the limits of a panel and of each panel above it (R56). A limit counts the whole branch of the limited panel. */

import { LimitReached } from '../../kernel/errors.ts';
import { type Counted, LIMIT_OF, type LimitedPanel } from '../../kernel/limits.ts';
import type { Command } from '../command.ts';
import type { CustomerState, PanelState } from '../outcome.ts';
import { mostScreensAt } from './spans.ts';
import { Missing, type State } from './state.ts';

/** Whether the customer is served for credits: status ACTIVE. */
export function isActive({ canceledAtMs, expiresAtMs, isTrial }: CustomerState, nowMs: number): boolean {
  return !isTrial && canceledAtMs === null && expiresAtMs > nowMs;
}

/** The limited panels on the path that limit this kind of object. */
function bounding({ limits }: PanelState, counted: Counted): readonly LimitedPanel[] {
  return limits.filter((one) => one[LIMIT_OF[counted]] !== null);
}

/** Whether the branch was counted under the lock of its panel's account, so that nobody else can add to it. */
function isCounted(state: State, tenantId: string, { id }: LimitedPanel): boolean {
  return state.branchCounts(id) !== undefined && state.account(tenantId, id) !== undefined;
}

/**
 * Returns why the panel may not have one more; the lowest limit on its path counts. For a limit of a panel above it, the refusal
 * does not reveal the count.
 */
export function refuseOneMore(state: State, panel: PanelState, counted: Counted): LimitReached | null {
  const limited = bounding(panel, counted);
  const missing = limited.filter((one) => !isCounted(state, panel.tenantId, one));
  if (missing.length > 0) {
    throw new Missing(
      panel.tenantId,
      missing.map(({ id }) => id),
    );
  }
  let least: LimitReached | null = null;
  for (const one of limited) {
    const allowed = one[LIMIT_OF[counted]] ?? 0;
    const used = state.branchCounts(one.id)?.[counted] ?? 0;
    if (used < allowed || (least !== null && least.allowed <= allowed)) continue;
    least = new LimitReached(LIMIT_OF[counted], allowed, one.id === panel.id ? used : allowed);
  }
  return least;
}

/** Returns why a limit forbids the panel to create another reseller, or null. */
export function refuseNewReseller(state: State, panel: PanelState): LimitReached | null {
  if (panel.limits.some(({ mayCreateResellers }) => !mayCreateResellers)) return new LimitReached('mayCreateResellers', 0, 0);
  return refuseOneMore(state, panel, 'resellers');
}

/**
 * Returns why the customer may not get the service of `after`. `before` is null for a new customer. A limit never takes away
 * what the customer already has.
 */
export function refuseService(
  state: State,
  panel: PanelState,
  before: CustomerState | null,
  after: CustomerState,
  atMs: number,
): LimitReached | null {
  if (panel.limits.length === 0) return null;
  const wasActive = before !== null && isActive(before, state.nowMs);
  const had = wasActive ? mostScreens(before, atMs) : 0;
  const screens = mostScreens(after, atMs);
  const allowed = mostScreensAllowed(panel.limits);
  if (screens > Math.max(allowed, had)) return new LimitReached('maxScreensPerCustomer', allowed, screens);
  return wasActive ? null : refuseOneMore(state, panel, 'customers');
}

function mostScreens(customer: CustomerState, atMs: number): number {
  return Math.max(mostScreensAt(customer, atMs), customer.nextScreens);
}

/** The lowest limit of screens for one customer on the path; infinity if there is none. */
export function mostScreensAllowed(limits: readonly LimitedPanel[]): number {
  return Math.min(...limits.map(({ maxScreensPerCustomer }) => maxScreensPerCustomer ?? Number.POSITIVE_INFINITY));
}

/** The limited panels whose branches a command may add to but were not counted under lock, as a map from panel id to tenant id. */
export function uncountedBranches(
  state: State,
  commands: readonly Command[],
  fills: (command: Command) => Counted | null,
): Map<string, string> {
  const missing = new Map<string, string>();
  for (const command of commands) {
    const panel = state.panel(command.tenantId, command.scopeId);
    if (panel === undefined || panel.limits.length === 0) continue;
    const counted = fills(command);
    if (counted === null) continue;
    for (const one of bounding(panel, counted)) if (!isCounted(state, panel.tenantId, one)) missing.set(one.id, panel.tenantId);
  }
  return missing;
}
