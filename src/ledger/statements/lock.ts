/** Plans a posting's first round trip: the rows that a batch locks, and its statements. read-state.ts reads their answers. */

import type { Parameter, Statement } from '../../db/arrays/binary.ts';
import type { Topology } from '../../db/topology.ts';
import { PLATFORM_TENANT_ID } from '../../kernel/actor.ts';
import type { Command } from '../command.ts';
import { READS_NOTHING, type Reads } from '../rules/command-kind.ts';
import { accountsOf, holdsTree, namesOf } from '../rules/footprint.ts';
import { kindOf } from '../rules/kinds.ts';
import { ISSUED, LABELS, type LockMode, type LockTexts, lockTexts, PLATFORM_ROWS, RARE } from './lock-texts.ts';
import { ONE_TENANT, SEVERAL_TENANTS, type Shape, texts, uuids } from './shape.ts';

/** The statements by which a batch locks and looks up. Built before the transaction begins. */
export interface LockPlan {
  /** On a distributed database: reads the platform's own rows for its commands, before BEGIN, so that the transaction has one tenant. */
  readonly platformRows: Statement | null;
  /** These statements are sent in this order, in one round trip with BEGIN. */
  readonly names: Statement | null;
  readonly tenants: Statement | null;
  readonly accounts: Statement;
  readonly lookUp: Statement;
  readonly rare: Statement | null;
  /** Reads path labels on a distributed database; on a single one, `rare` does. */
  readonly labels: Statement | null;
  readonly customers: Statement | null;
  readonly orders: Statement | null;
  readonly branches: Statement | null;
  /** The tenants of accounts and panels, and those of actors. The answers name a tenant by its position in these lists, from 1. */
  readonly tenantIds: readonly string[];
  readonly actorTenantIds: readonly string[];
}

/** Built once; every batch sends these texts. */
const TEXTS: Readonly<Record<Topology, LockTexts>> = { single: lockTexts(SEVERAL_TENANTS), citus: lockTexts(ONE_TENANT) };
const SHAPES: Readonly<Record<Topology, Shape>> = { single: SEVERAL_TENANTS, citus: ONE_TENANT };

/**
 * Plans the locks and look-ups of a batch. `also` maps further account ids to their tenants; the branches of limited ones are counted.
 * On a distributed database all commands belong to one tenant: the platform's own rows are read by `platformRows`.
 */
export function planLocks(
  commands: readonly Command[],
  mode: LockMode,
  also: ReadonlyMap<string, string> = new Map(),
  topology: Topology = 'single',
): LockPlan {
  const [text, of] = [TEXTS[topology], SHAPES[topology]];
  const isOne = topology === 'citus';
  const accounts = new Map<string, string>();
  const actors = new Map<string, string>();
  const tenants = new Set<string>();
  for (const command of commands) {
    for (const id of accountsOf(command)) accounts.set(id + command.tenantId, command.tenantId);
    if (!isOne || command.scopeTenantId === command.tenantId) actors.set(command.actorId + command.scopeTenantId, command.scopeTenantId);
    tenants.add(command.tenantId);
  }
  for (const [id, tenantId] of also) accounts.set(id + tenantId, tenantId);
  const [panels, users] = [of.idsByTenant(accounts), of.idsByTenant(actors)];
  const keys = keyedOf(commands);
  const reads = readsOf(commands);
  const names = mode === 'read' ? [] : commands.flatMap(namesOf);
  const trees = mode === 'read' ? [] : commands.filter(holdsTree);
  const leading = isOne ? of.leading(theOnly(tenants)) : [];
  const statement = (one: string, parameters: readonly Parameter[]): Statement => ({ text: one, parameters: [...leading, ...parameters] });
  return {
    platformRows: isOne ? planPlatformRows(commands.filter(isByPlatform)) : null,
    names: names.length === 0 || mode === 'read' ? null : statement(text.names[mode], [texts(names)]),
    tenants:
      trees.length === 0 || mode === 'read'
        ? null
        : statement(text.tenants[mode], of.listed([...new Set(trees.map(({ tenantId }) => tenantId))])),
    accounts: statement(text.accounts[mode], panels.parameters),
    lookUp: statement(text.lookUp, [
      ...panels.parameters,
      ...of.tenants(keys.map((command) => command.scopeTenantId)),
      uuids(keys.map((command) => command.scopeId)),
      texts(keys.map((command) => command.key)),
      ...users.parameters,
      ...of.listed([...tenants]),
    ]),
    ...planRare(reads, isOne),
    customers: planCustomers(reads, text, of, leading),
    orders: planOrders(reads, text, of, leading),
    branches: also.size === 0 ? null : statement(text.branches, [...of.tenants([...also.values()]), uuids([...also.keys()])]),
    tenantIds: panels.tenantIds,
    actorTenantIds: users.tenantIds,
  };
}

function planPlatformRows(commands: readonly Command[]): Statement | null {
  if (commands.length === 0) return null;
  const keys = keyedOf(commands);
  const [scopes, keyTexts] = [uuids(keys.map(({ scopeId }) => scopeId)), texts(keys.map(({ key }) => key))];
  return { text: PLATFORM_ROWS, parameters: [PLATFORM_TENANT_ID, scopes, keyTexts, uuids(commands.map(({ actorId }) => actorId))] };
}

/** Whether the platform acts, in a tenant. */
export function isByPlatform({ scopeTenantId, tenantId }: Command): boolean {
  return scopeTenantId !== tenantId;
}

/** The batch's only tenant. For a batch without commands it is the platform's, from which nothing is read then. */
function theOnly(tenants: ReadonlySet<string>): string {
  const [tenantId = PLATFORM_TENANT_ID, ...others] = tenants;
  if (others.length > 0) throw new Error('a batch on a distributed database must contain commands of one tenant only');
  return tenantId;
}

/** Commands with an idempotency key. The look-up names a command by its position in the list of these. */
export type KeyedCommand = Extract<Command, { key: string }>;

export function keyedOf(commands: readonly Command[]): KeyedCommand[] {
  return commands.filter((command): command is KeyedCommand => command.key !== null);
}

/** The reads of one command, with its tenant and scope. */
interface Read {
  readonly tenantId: string;
  readonly scopeId: string;
  readonly of: Reads;
}

function readsOf(commands: readonly Command[]): Read[] {
  const reads: Read[] = [];
  for (const command of commands) {
    const of = kindOf(command).reads(command);
    if (of !== READS_NOTHING) reads.push({ tenantId: command.tenantId, scopeId: command.scopeId, of });
  }
  return reads;
}

/** The e-mails of new panels' owners. The look-up names a taken e-mail by its position in this list. */
export function emailsOf(commands: readonly Command[]): string[] {
  return emailsIn(readsOf(commands));
}

function emailsIn(reads: readonly Read[]): string[] {
  return reads.flatMap(({ of: { email } }) => (email === undefined ? [] : [email]));
}

function planRare(reads: readonly Read[], isOne: boolean): Pick<LockPlan, 'rare' | 'labels'> {
  const emails = emailsIn(reads);
  const issuing = new Set<string>();
  for (const { of, tenantId } of reads) if (of.issued) issuing.add(tenantId);
  if (isOne) {
    const [tenantId] = issuing;
    return {
      rare: tenantId === undefined ? null : { text: ISSUED, parameters: [tenantId] },
      labels: emails.length === 0 ? null : { text: LABELS, parameters: [String(emails.length)] },
    };
  }
  if (emails.length === 0 && issuing.size === 0) return { rare: null, labels: null };
  return { rare: { text: RARE, parameters: [texts(emails), uuids([...issuing]), String(emails.length)] }, labels: null };
}

function planCustomers(reads: readonly Read[], text: LockTexts, shape: Shape, leading: readonly Parameter[]): Statement | null {
  const customers: [string, string][] = [];
  const trials: [string, string][] = [];
  const logins: [string, string][] = [];
  const panels = new Map<string, string>();
  for (const { of, scopeId, tenantId } of reads) {
    if (of.login !== undefined) logins.push([tenantId, of.login]);
    if (of.customerId) customers.push([tenantId, of.customerId]);
    if (of.undos) panels.set(scopeId, tenantId);
    if (of.trialContact === undefined) continue;
    trials.push([tenantId, of.trialContact]);
    panels.set(scopeId, tenantId);
  }
  if (customers.length === 0 && trials.length === 0 && logins.length === 0) return null;
  return {
    text: text.customers,
    parameters: [
      ...leading,
      ...shape.tenants(customers.map(([tenantId]) => tenantId)),
      uuids(customers.map(([, id]) => id)),
      ...shape.tenants(trials.map(([tenantId]) => tenantId)),
      texts(trials.map(([, contactKey]) => contactKey)),
      ...shape.tenants([...panels.values()]),
      uuids([...panels.keys()]),
      ...shape.tenants(logins.map(([tenantId]) => tenantId)),
      texts(logins.map(([, login]) => login)),
    ],
  };
}

function planOrders(reads: readonly Read[], text: LockTexts, shape: Shape, leading: readonly Parameter[]): Statement | null {
  const purchases = new Map<string, string>();
  const panels = new Map<string, string>();
  const payments: NonNullable<Reads['payment']>[] = [];
  const charged: [string, string][] = [];
  const paid = new Map<string, string>();
  for (const { of, tenantId } of reads) {
    const { claims, customerPaymentId, panelId, payment, purchaseId } = of;
    if (customerPaymentId !== undefined) paid.set(customerPaymentId, tenantId);
    if (panelId !== undefined) panels.set(panelId, tenantId);
    if (payment !== undefined) payments.push(payment);
    if (purchaseId === undefined) continue;
    purchases.set(purchaseId, tenantId);
    if (claims) charged.push([tenantId, purchaseId]);
  }
  if (purchases.size === 0 && panels.size === 0 && paid.size === 0) return null;
  const ofTenants = (tenantIds: Iterable<string>, ids: Iterable<string>) => [...shape.tenants([...tenantIds]), uuids([...ids])];
  return {
    text: text.orders,
    parameters: [
      ...leading,
      ...ofTenants(purchases.values(), purchases.keys()),
      ...ofTenants(panels.values(), panels.keys()),
      uuids(payments.map(({ sellerId }) => sellerId)),
      texts(payments.map(({ reference }) => reference)),
      ...ofTenants(
        charged.map(([tenantId]) => tenantId),
        charged.map(([, purchaseId]) => purchaseId),
      ),
      ...ofTenants(paid.values(), paid.keys()),
    ],
  };
}
