/** A ledger on a database of its own, for tests below the use cases. */

import { hash } from 'node:crypto';
import { type Directory, openDirectory } from '../../../src/db/directory.ts';
import type { Sql } from '../../../src/db/sql.ts';
import { readTopology, type Topology } from '../../../src/db/topology.ts';
import { PLATFORM_TENANT_ID } from '../../../src/kernel/actor.ts';
import type { Change } from '../../../src/kernel/journal.ts';
import { uuidv7 } from '../../../src/kernel/uuid.ts';
import type { CreateReseller, IssueCredits, TransferCredits } from '../../../src/ledger/command.ts';
import { type LedgerHealth, ledgerHealth } from '../../../src/ledger/health.ts';
import type { Outcome } from '../../../src/ledger/outcome.ts';
import type { QueueLimits } from '../../../src/ledger/posting/limits.ts';
import { PostingQueue } from '../../../src/ledger/posting/queue.ts';
import { createUniqueValues } from '../../../src/ledger/posting/unique-values.ts';
import { closedAtEnd } from '../leftovers.ts';
import { PATIENT_QUEUE } from '../patient.ts';
import { openTestSql } from '../sql.ts';

/** A panel of the world, with the user who acts for it. */
export interface Panel {
  readonly tenantId: string;
  readonly id: string;
  readonly userId: string;
}

/** A ledger on a database of its own, without the use cases: tests make commands and post them through a real queue. */
export class LedgerWorld {
  readonly url: string;
  readonly sql: Sql;
  readonly topology: Topology;
  readonly #directory: Directory | null;
  readonly platformUserId = uuidv7();
  /** Every change that was published, in order. */
  readonly published: Change[] = [];
  /** Ids of the accounts that the queue announced for a re-check. */
  readonly woken: string[] = [];
  /** Why batches were tried again. */
  readonly retries: string[] = [];
  queue: PostingQueue;
  readonly close: () => Promise<void>;
  #minted = 0;

  private constructor(url: string, sql: Sql, topology: Topology, limits: QueueLimits) {
    this.url = url;
    this.sql = sql;
    this.topology = topology;
    this.#directory = openDirectory(url, topology);
    this.queue = this.openQueue(limits);
    this.close = closedAtEnd(async () => {
      await this.queue.close();
      await this.#directory?.close();
      await this.sql.end();
    });
  }

  static async open(url: string, limits: Partial<QueueLimits> = {}): Promise<LedgerWorld> {
    const sql = openTestSql(url, { max: 5, role: 'revenda_app' });
    const world = new LedgerWorld(url, sql, await readTopology(sql), { ...PATIENT_QUEUE, ...limits });
    await world.sql`INSERT INTO app_user (tenant_id, id, email, password_hash, role, created_at)
      VALUES (${PLATFORM_TENANT_ID}, ${world.platformUserId}, ${`${world.platformUserId}@platform.test`}, 'none', 'PLATFORM', now())`;
    return world;
  }

  /** Opens another queue on the same database, as another process would have. */
  openQueue(limits: QueueLimits = PATIENT_QUEUE, url = this.url): PostingQueue {
    return new PostingQueue(
      url,
      {
        publish: (changes) => this.published.push(...changes),
        wake: (accounts) => this.woken.push(...accounts.map(({ id }) => id)),
        purchases: () => {},
      },
      { posted: () => {}, refused: () => {}, retried: (reason) => this.retries.push(reason) },
      (error) => {
        throw error;
      },
      limits,
      this.topology,
      this.#directory && createUniqueValues(this.#directory, this.sql),
    );
  }

  /** Returns a key that was not used before. */
  key(): string {
    this.#minted += 1;
    return `key ${this.#minted}`;
  }

  /** Creates a new tenant and returns its root panel, with this balance. */
  async root(balance: number): Promise<Panel> {
    const tenantId = uuidv7();
    const owner = { id: uuidv7(), email: `${uuidv7()}@owner.test`, passwordHash: 'none' };
    const resellerId = tenantId;
    const by = this.#byPlatform(tenantId);
    expectPosted(await this.queue.post({ ...by, kind: 'createTenant', resellerId, name: 'Root', owner }));
    const root = { tenantId, id: resellerId, userId: owner.id };
    if (balance > 0) expectPosted(await this.queue.post(this.issue(root, balance)));
    return root;
  }

  /** Creates a new child of `parent`, which pays the first credits. */
  async child(parent: Panel, balance: number): Promise<Panel> {
    const command = this.creation(parent, balance);
    expectPosted(await this.queue.post(command));
    return { tenantId: parent.tenantId, id: command.resellerId, userId: command.owner.id };
  }

  issue(to: Panel, amount: number, key = this.key()): IssueCredits {
    return {
      ...this.#byPlatform(to.tenantId),
      kind: 'issueCredits',
      key,
      transferId: uuidv7(),
      toId: to.id,
      amount,
      memo: null,
      hash: hashOf(to.id, amount),
    };
  }

  creation(parent: Panel, amount: number, key = this.key()): CreateReseller {
    const owner = { id: uuidv7(), email: `${uuidv7()}@owner.test`, passwordHash: 'none' };
    const by = this.#byPanel(parent, ['OWNER']);
    return {
      ...by,
      kind: 'createReseller',
      key,
      hash: hashOf(key, amount),
      transferId: uuidv7(),
      resellerId: uuidv7(),
      name: 'Child',
      owner,
      amount,
    };
  }

  transfer(from: Panel, to: Pick<Panel, 'id'>, amount: number, key = this.key()): TransferCredits {
    const by = this.#byPanel(from, ['OWNER']);
    return { ...by, kind: 'transferCredits', key, hash: hashOf(to.id, amount), transferId: uuidv7(), toId: to.id, amount, memo: null };
  }

  async account(panel: Panel): Promise<{ balance: number; version: number; locked: boolean }> {
    const [account] = await this.sql<{ balance: number; version: number; locked: boolean }[]>`
      SELECT balance, version, locked FROM account WHERE tenant_id = ${panel.tenantId} AND id = ${panel.id}`;
    if (!account) throw new Error('no such account');
    return account;
  }

  health(tenantId: string | null = null): Promise<LedgerHealth> {
    return ledgerHealth(this.sql, tenantId, this.topology);
  }

  #byPlatform(tenantId: string) {
    const roles = ['PLATFORM'] as const;
    return {
      tenantId,
      scopeTenantId: PLATFORM_TENANT_ID,
      scopeId: PLATFORM_TENANT_ID,
      key: this.key(),
      hash: hashOf(tenantId, 0),
      actorId: this.platformUserId,
      roles,
    };
  }

  #byPanel(panel: Panel, roles: readonly ('OWNER' | 'FINANCE')[]) {
    return { tenantId: panel.tenantId, scopeTenantId: panel.tenantId, scopeId: panel.id, actorId: panel.userId, roles };
  }
}

/** Replaces the hash of a real input that contains `what` and `amount`. */
function hashOf(what: string, amount: number): string {
  return hash('sha256', `${what} ${amount}`);
}

export function expectPosted(outcome: Outcome): asserts outcome is Extract<Outcome, { status: 'posted' }> {
  if (outcome.status === 'refused') throw outcome.refusal;
  if (outcome.status !== 'posted') throw new Error('expected a posting, not a replay');
}

/** Counts the outcomes by code. `POSTED` and `REPLAYED` count the outcomes without a code. */
export function tally(outcomes: readonly Outcome[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) {
    // If this very command was posted and its answer was lost, its caller sees a posting, not a replay.
    const status = outcome.status === 'replayed' && outcome.own ? 'posted' : outcome.status;
    const name = outcome.status === 'refused' ? outcome.refusal.code : status.toUpperCase();
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

export function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}
