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
    PARENT: { description: 'The panel above: the credits come from its balance.' },
  } as const,
});

const RefundPolicy = builder.enumType('RefundPolicy', {
  description: 'What canceling a customer gives back.',
  values: {
    NONE: { description: 'Nothing: the service runs out by itself.' },
    UNUSED_PERIODS: { description: 'The whole 30-day periods that were not begun are taken back, and their credits return.' },
  } as const,
});

const LockMode = builder.enumType('LockMode', {
  description: 'What a panel at balance 0 may still do.',
  values: {
    FULL: { description: 'Buy credits, and read what is its own.' },
    SPENDING: { description: 'Read everything as before, and spend and change nothing.' },
  } as const,
});

/** What each field says, where it is read and where it is given. */
const WORDS = {
  trialMaxHours: 'Hours that a trial may last: 1 to 24.',
  trialQuota: 'Trials that a panel may start in any 24 hours: 0 to 25.',
  reclaimAllowed: 'Whether a panel may take unspent credits back from the panels directly below.',
  purchaseSource: 'Who sells credits to the panels below the root.',
  refundPolicy: 'What canceling a customer gives back.',
  minimumTransfer: 'The fewest credits that one transfer may move: 1 to 1,000,000,000.',
  undoMinutes: 'Minutes in which a spend may be undone: 0 to 60; 0: never.',
  minimumPurchase: 'The fewest credits that one purchase may be of; a price list may start at more.',
  minimumInitialCredits: 'The fewest credits that a new panel begins with.',
  lockMode: 'What a panel at balance 0 may still do.',
  trialsForNewContactsOnly: 'Whether a contact that a panel of the tree has activated before gets no trial.',
  timeZone: 'Where the days of reports begin: a name as America/Sao_Paulo.',
} as const satisfies Readonly<Record<keyof Policy, string>>;

const TenantPolicy = builder.objectRef<Policy>('TenantPolicy').implement({
  description: "What the owner of a tenant's root panel decided for the whole tree.",
  ...reached(...POLICY_FIELDS),
  fields: (t) => ({
    trialMaxHours: t.exposeInt('trialMaxHours', { description: WORDS.trialMaxHours }),
    trialQuota: t.exposeInt('trialQuota', { description: WORDS.trialQuota }),
    reclaimAllowed: t.exposeBoolean('reclaimAllowed', {
      description: WORDS.reclaimAllowed,
    }),
    purchaseSource: t.expose('purchaseSource', { type: PurchaseSource, description: WORDS.purchaseSource }),
    refundPolicy: t.expose('refundPolicy', { type: RefundPolicy, description: WORDS.refundPolicy }),
    minimumTransfer: t.expose('minimumTransfer', { type: 'Credits', description: WORDS.minimumTransfer }),
    undoMinutes: t.exposeInt('undoMinutes', { description: WORDS.undoMinutes }),
    minimumPurchase: t.expose('minimumPurchase', { type: 'Credits', description: WORDS.minimumPurchase }),
    minimumInitialCredits: t.expose('minimumInitialCredits', { type: 'Credits', description: WORDS.minimumInitialCredits }),
    lockMode: t.expose('lockMode', { type: LockMode, description: WORDS.lockMode }),
    trialsForNewContactsOnly: t.exposeBoolean('trialsForNewContactsOnly', { description: WORDS.trialsForNewContactsOnly }),
    timeZone: t.exposeString('timeZone', { description: WORDS.timeZone }),
  }),
});

builder.objectField(Viewer, 'policy', (t) =>
  t.field({
    type: TenantPolicy,
    nullable: true,
    description: "What the tenant's owner decided; null for the platform.",
    authScopes: { unlocked: true },
    complexity: STATEMENT_COMPLEXITY,
    resolve: ({ panel, tenantId }, _args, { ports: { sql } }) => (panel === null ? null : readPolicy(sql, tenantId)),
  }),
);

const SetTenantPolicyInput = builder.inputType('SetTenantPolicyInput', {
  description: 'What to change of the policy; what is not given stays.',
  fields: (t) => ({
    trialMaxHours: t.int({ description: WORDS.trialMaxHours }),
    trialQuota: t.int({ description: WORDS.trialQuota }),
    reclaimAllowed: t.boolean({ description: WORDS.reclaimAllowed }),
    purchaseSource: t.field({ type: PurchaseSource, description: WORDS.purchaseSource }),
    refundPolicy: t.field({ type: RefundPolicy, description: WORDS.refundPolicy }),
    minimumTransfer: t.field({ type: 'Credits', description: WORDS.minimumTransfer }),
    undoMinutes: t.int({ description: WORDS.undoMinutes }),
    minimumPurchase: t.field({ type: 'Credits', description: WORDS.minimumPurchase }),
    minimumInitialCredits: t.field({ type: 'Credits', description: WORDS.minimumInitialCredits }),
    lockMode: t.field({ type: LockMode, description: WORDS.lockMode }),
    trialsForNewContactsOnly: t.boolean({ description: WORDS.trialsForNewContactsOnly }),
    timeZone: t.string({ description: WORDS.timeZone }),
  }),
});

const SetTenantPolicyPayload = builder.objectRef<{ readonly policy: Policy }>('SetTenantPolicyPayload').implement({
  description: 'The policy holds from now on.',
  ...reached('policy'),
  fields: (t) => ({ policy: t.expose('policy', { type: TenantPolicy, description: 'All of it, as it is now.' }) }),
});

mutation('setTenantPolicy', {
  description: "Changes what holds for the whole tree. For owners of the tenant's root panel.",
  who: { role: POLICY_ROLES },
  input: SetTenantPolicyInput,
  argument: 'What to change.',
  payload: SetTenantPolicyPayload,
  refusals: [Forbidden, InvalidInput, PanelSuspended, PanelLocked],
  result: 'The policy, or why it stays as it was.',
  run: async (input, ctx) => ({ policy: await setTenantPolicy(ctx.ports, actingOf(ctx), input) }),
});
