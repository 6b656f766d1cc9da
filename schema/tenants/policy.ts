/** The type TenantPolicy and the mutation setTenantPolicy. */

import { POLICY_ROLES, readPolicy, setTenantPolicy } from '../../src/domain/tenant/policy.ts';
import { Forbidden, InvalidInput, PanelLocked, PanelSuspended } from '../../src/kernel/errors.ts';
import { POLICY_FIELDS, type TenantPolicy as Policy } from '../../src/kernel/policy.ts';
import { builder } from '../core/builder.ts';
import { STATEMENT_COMPLEXITY } from '../core/limits.ts';
import { mutation } from '../core/mutation.ts';
import { actingOf, reached } from '../core/scopes.ts';
import { Viewer } from '../people/viewer.ts';

const PurchaseSource = builder.enumType('PurchaseSource', {
  description: 'Who sells credits to the panels of a tenant. A root always buys from the platform.',
  values: {
    PLATFORM: { description: 'The platform: the credits are issued to the buyer.' },
    PARENT: { description: 'The panel directly above: the credits come from its balance.' },
  } as const,
});

const RefundPolicy = builder.enumType('RefundPolicy', {
  description: 'What is refunded when a customer is canceled (R22).',
  values: {
    NONE: { description: 'Nothing. The service runs until it expires.' },
    UNUSED_PERIODS: { description: 'The credits of all 30-day periods that have not begun. These periods are removed from the term.' },
  } as const,
});

const LockMode = builder.enumType('LockMode', {
  description: 'What a locked panel may still do (R8, R57).',
  values: {
    FULL: { description: 'Buy credits, and read its own objects.' },
    SPENDING: { description: 'Buy credits, and read everything as before. All spending and other changes are refused.' },
  } as const,
});

/** The description of each field, for both the type and the input. */
const DESCRIPTIONS = {
  trialMaxHours: 'The most hours that a trial may last: 1 to 24 (R24).',
  trialQuota: 'The most trials that a panel may start in any 24 hours: 0 to 25 (R24).',
  reclaimAllowed: 'Whether a panel may take unspent credits back from its direct children (R15).',
  purchaseSource: 'Who sells credits to the panels below the root (R27).',
  refundPolicy: 'What is refunded when a customer is canceled (R22).',
  minimumTransfer: 'The fewest credits of one transfer: 1 to 1,000,000,000.',
  undoMinutes: 'The minutes within which a spend may be undone: 0 to 60. 0 turns undoing off (R45).',
  minimumPurchase: "The fewest credits of one purchase (R26). A seller's price list may start higher.",
  minimumInitialCredits: "The fewest credits of a new panel's first transfer (R13).",
  lockMode: 'What a locked panel may still do (R8, R57).',
  trialsForNewContactsOnly: 'Whether a contact that a panel of the tenant activated before gets no trial (R24).',
  timeZone: 'The time zone in which days begin, for reports and reminders, for example America/Sao_Paulo.',
} as const satisfies Readonly<Record<keyof Policy, string>>;

const TenantPolicy = builder.objectRef<Policy>('TenantPolicy').implement({
  description: 'The settings that an OWNER of the root panel makes for the whole tenant.',
  ...reached(...POLICY_FIELDS),
  fields: (t) => ({
    trialMaxHours: t.exposeInt('trialMaxHours', { description: DESCRIPTIONS.trialMaxHours }),
    trialQuota: t.exposeInt('trialQuota', { description: DESCRIPTIONS.trialQuota }),
    reclaimAllowed: t.exposeBoolean('reclaimAllowed', {
      description: DESCRIPTIONS.reclaimAllowed,
    }),
    purchaseSource: t.expose('purchaseSource', { type: PurchaseSource, description: DESCRIPTIONS.purchaseSource }),
    refundPolicy: t.expose('refundPolicy', { type: RefundPolicy, description: DESCRIPTIONS.refundPolicy }),
    minimumTransfer: t.expose('minimumTransfer', { type: 'Credits', description: DESCRIPTIONS.minimumTransfer }),
    undoMinutes: t.exposeInt('undoMinutes', { description: DESCRIPTIONS.undoMinutes }),
    minimumPurchase: t.expose('minimumPurchase', { type: 'Credits', description: DESCRIPTIONS.minimumPurchase }),
    minimumInitialCredits: t.expose('minimumInitialCredits', { type: 'Credits', description: DESCRIPTIONS.minimumInitialCredits }),
    lockMode: t.expose('lockMode', { type: LockMode, description: DESCRIPTIONS.lockMode }),
    trialsForNewContactsOnly: t.exposeBoolean('trialsForNewContactsOnly', { description: DESCRIPTIONS.trialsForNewContactsOnly }),
    timeZone: t.exposeString('timeZone', { description: DESCRIPTIONS.timeZone }),
  }),
});

builder.objectField(Viewer, 'policy', (t) =>
  t.field({
    type: TenantPolicy,
    nullable: true,
    description: "The policy of the viewer's tenant. Null for the platform.",
    authScopes: { unlocked: true },
    complexity: STATEMENT_COMPLEXITY,
    resolve: ({ panel, tenantId }, _args, { ports: { sql } }) => (panel === null ? null : readPolicy(sql, tenantId)),
  }),
);

const SetTenantPolicyInput = builder.inputType('SetTenantPolicyInput', {
  description: 'The changes of the policy. Fields that are not given stay as they are.',
  fields: (t) => ({
    trialMaxHours: t.int({ description: DESCRIPTIONS.trialMaxHours }),
    trialQuota: t.int({ description: DESCRIPTIONS.trialQuota }),
    reclaimAllowed: t.boolean({ description: DESCRIPTIONS.reclaimAllowed }),
    purchaseSource: t.field({ type: PurchaseSource, description: DESCRIPTIONS.purchaseSource }),
    refundPolicy: t.field({ type: RefundPolicy, description: DESCRIPTIONS.refundPolicy }),
    minimumTransfer: t.field({ type: 'Credits', description: DESCRIPTIONS.minimumTransfer }),
    undoMinutes: t.int({ description: DESCRIPTIONS.undoMinutes }),
    minimumPurchase: t.field({ type: 'Credits', description: DESCRIPTIONS.minimumPurchase }),
    minimumInitialCredits: t.field({ type: 'Credits', description: DESCRIPTIONS.minimumInitialCredits }),
    lockMode: t.field({ type: LockMode, description: DESCRIPTIONS.lockMode }),
    trialsForNewContactsOnly: t.boolean({ description: DESCRIPTIONS.trialsForNewContactsOnly }),
    timeZone: t.string({ description: DESCRIPTIONS.timeZone }),
  }),
});

const SetTenantPolicyPayload = builder.objectRef<{ readonly policy: Policy }>('SetTenantPolicyPayload').implement({
  description: 'The policy was changed.',
  ...reached('policy'),
  fields: (t) => ({ policy: t.expose('policy', { type: TenantPolicy, description: 'The whole policy after the change.' }) }),
});

mutation('setTenantPolicy', {
  description: 'Changes the policy of the whole tenant. For OWNERs of the root panel.',
  who: { role: POLICY_ROLES },
  input: SetTenantPolicyInput,
  argument: 'The changes.',
  payload: SetTenantPolicyPayload,
  refusals: [Forbidden, InvalidInput, PanelSuspended, PanelLocked],
  result: 'The policy, or why it was not changed.',
  run: async (input, ctx) => ({ policy: await setTenantPolicy(ctx.ports, actingOf(ctx), input) }),
});
