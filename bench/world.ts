/** Plants the tenants of the benchmark through the ledger, and draws transfers from them. */

import { hash } from 'node:crypto';
import { openSql } from '../src/db/sql.ts';
import { PLATFORM_TENANT_ID } from '../src/kernel/actor.ts';
import { uuidv7 } from '../src/kernel/uuid.ts';
import type { Command, CreateReseller, CreateTenant, IssueCredits, TransferCredits } from '../src/ledger/command.ts';
import { PostingQueue } from '../src/ledger/posting/queue.ts';

/** Panels below the roots that pay at random, over all tenants of a forest, and the children of each. */
const PAYERS = 400;
const CHILDREN = 4;
const ISSUED = 1_000_000_000;
const CREDITS_OF_A_PAYER = 1_000_000;
const CREATIONS_AT_ONCE = 200;

export interface Panel {
  readonly tenantId: string;
  readonly id: string;
  readonly userId: string;
}

/** A possible transfer: from a panel to its direct child. */
export interface Edge {
  readonly from: Panel;
  readonly toId: string;
}

/** Trees of one shape: the roots pay the payers, and the payers pay their children. */
export interface Forest {
  readonly roots: readonly Panel[];
  /** From every payer to each of its children. */
  readonly edges: readonly Edge[];
  /** From the first root to each of its payers. */
  readonly fromRoot: readonly Edge[];
}

export type Pick = () => Edge;

/** Draws every transfer at random. */
export function randomly({ edges }: Forest): Pick {
  return () => draw(edges);
}

/** Half of all transfers debit one root. */
export function hotly({ edges, fromRoot }: Forest): Pick {
  return () => draw(Math.random() < 0.5 ? fromRoot : edges);
}

function draw(edges: readonly Edge[]): Edge {
  const edge = edges[Math.floor(Math.random() * edges.length)];
  if (!edge) throw new Error('a forest without edges');
  return edge;
}

/** A transfer of one credit, as the use case would make it. With `keyed` it has that key and that hash of its input. */
export function transferOf({ from, toId }: Edge, keyed?: { readonly key: string; readonly hash: string }): TransferCredits {
  const { key, hash: inputHash } = keyed ?? { key: uuidv7(), hash: hash('sha256', `${toId} 1`) };
  return {
    kind: 'transferCredits',
    tenantId: from.tenantId,
    scopeTenantId: from.tenantId,
    scopeId: from.id,
    key,
    hash: inputHash,
    actorId: from.userId,
    roles: ['OWNER', 'FINANCE'],
    transferId: uuidv7(),
    toId,
    amount: 1,
    memo: null,
  };
}

/** A queue whose errors end the run. */
export function openQueue(
  url: string,
  sink: ConstructorParameters<typeof PostingQueue>[1] = { publish() {}, wake() {}, purchases() {} },
): PostingQueue {
  return new PostingQueue(url, sink, { posted() {}, refused() {}, retried() {} }, (error) => {
    throw error;
  });
}

/** Plants `tenants` trees through the ledger. */
export async function plant(url: string, tenants: number): Promise<Forest> {
  const queue = openQueue(url);
  try {
    const platformUserId = await createPlatformUser(url);
    const payersEach = Math.max(1, Math.floor(PAYERS / tenants));
    const creations = Array.from({ length: tenants }, () => tenantCreation(platformUserId));
    await postAll(queue, creations);
    const roots = creations.map(ownerOf);
    await postAll(
      queue,
      roots.map((root) => issue(root, platformUserId)),
    );
    const payers = roots.flatMap((root) => Array.from({ length: payersEach }, () => resellerCreation(root, CREDITS_OF_A_PAYER)));
    await postAll(queue, payers);
    const children = payers.flatMap((payer) => Array.from({ length: CHILDREN }, () => resellerCreation(ownerOf(payer), 10)));
    await postAll(queue, children);
    const users = new Map(payers.map((payer) => [payer.resellerId, ownerOf(payer)]));
    const edges = children.flatMap(({ scopeId, resellerId }) => {
      const from = users.get(scopeId);
      return from ? [{ from, toId: resellerId }] : [];
    });
    const fromRoot = roots.slice(0, 1).flatMap((from) => payers.slice(0, payersEach).map(({ resellerId }) => ({ from, toId: resellerId })));
    return { roots, edges, fromRoot };
  } finally {
    await queue.close();
  }
}

/** Plants this many panels below one root, each with a user and 10 credits. */
export async function plantChildren(url: string, count: number): Promise<readonly Panel[]> {
  const queue = openQueue(url);
  try {
    const tenant = tenantCreation(await createPlatformUser(url));
    const root = ownerOf(tenant);
    await postAll(queue, [tenant]);
    await postAll(queue, [issue(root, tenant.actorId)]);
    const children = Array.from({ length: count }, () => resellerCreation(root, 10));
    await postAll(queue, children);
    return children.map(ownerOf);
  } finally {
    await queue.close();
  }
}

async function postAll(queue: PostingQueue, commands: readonly Command[]): Promise<void> {
  for (let from = 0; from < commands.length; from += CREATIONS_AT_ONCE) {
    const outcomes = await queue.postEach(commands.slice(from, from + CREATIONS_AT_ONCE));
    for (const outcome of outcomes) if (outcome.status === 'refused') throw outcome.refusal;
  }
}

async function createPlatformUser(url: string): Promise<string> {
  const id = uuidv7();
  const sql = openSql(url, { name: 'bench world', max: 1, role: 'revenda_app' });
  await sql`INSERT INTO app_user (tenant_id, id, email, password_hash, role, created_at)
    VALUES (${PLATFORM_TENANT_ID}, ${id}, ${`${id}@platform.test`}, 'none', 'PLATFORM', now())`;
  await sql.end();
  return id;
}

function ownerOf({ tenantId, resellerId, owner }: CreateTenant | CreateReseller): Panel {
  return { tenantId, id: resellerId, userId: owner.id };
}

function newOwner() {
  const id = uuidv7();
  return { id, email: `${id}@owner.test`, passwordHash: 'none' };
}

function byPlatform(tenantId: string, actorId: string) {
  const key = uuidv7();
  const roles = ['PLATFORM'] as const;
  return {
    tenantId,
    scopeTenantId: PLATFORM_TENANT_ID,
    scopeId: PLATFORM_TENANT_ID,
    key,
    hash: hash('sha256', key),
    actorId,
    roles,
  };
}

function tenantCreation(actorId: string): CreateTenant {
  const tenantId = uuidv7();
  return { ...byPlatform(tenantId, actorId), kind: 'createTenant', resellerId: tenantId, name: 'Root', owner: newOwner() };
}

function issue(root: Panel, actorId: string): IssueCredits {
  const by = byPlatform(root.tenantId, actorId);
  return { ...by, kind: 'issueCredits', transferId: uuidv7(), toId: root.id, amount: ISSUED, memo: null };
}

function resellerCreation(parent: Panel, amount: number): CreateReseller {
  const key = uuidv7();
  return {
    kind: 'createReseller',
    tenantId: parent.tenantId,
    scopeTenantId: parent.tenantId,
    scopeId: parent.id,
    key,
    hash: hash('sha256', key),
    actorId: parent.userId,
    roles: ['OWNER', 'FINANCE'],
    transferId: uuidv7(),
    resellerId: uuidv7(),
    name: 'Panel',
    owner: newOwner(),
    amount,
  };
}
