/** Callers and subscribers for tests of two versions on one database. */

import type { Sql } from '../../src/db/sql.ts';
import { ask, type Payload, rowOf } from '../soak/client.ts';
import { activate, type Operation, transfer } from '../soak/operations.ts';
import type { Client } from '../support/clients/api.ts';
import { closedAtEnd } from '../support/leftovers.ts';
import { PATIENCE_MS, until } from '../support/until.ts';
import type { Demo } from '../support/worlds/demo.ts';

const CALLERS = 4;
const BALANCE = 'subscription { changed: balanceChanged(after: 0) { version } }';

/** Callers that post through the current servers, and then repeat each command at every one of them. */
export class Load {
  readonly #demo: Demo;
  /** The servers to call, which may change at any moment. */
  origins: readonly string[];
  /** Ids of acknowledged rows of the journal. */
  readonly acknowledged = new Set<string>();
  /** Problems as text; empty if there are none. */
  readonly wrong: string[] = [];
  #isOver = false;
  readonly #callers: Promise<unknown>;

  constructor(demo: Demo, origins: readonly string[]) {
    this.#demo = demo;
    this.origins = origins;
    this.#callers = Promise.all(Array.from({ length: CALLERS }, (_, index) => this.#call(index)));
    closedAtEnd(() => this.stop());
  }

  /** Resolves when this many more commands are acknowledged. */
  async goesOn(commands = 10 * CALLERS): Promise<void> {
    const goal = this.acknowledged.size + commands;
    await until(() => this.acknowledged.size >= goal);
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#callers;
  }

  async #call(index: number): Promise<void> {
    const { ana, bruno, root } = this.#demo;
    for (let turn = index; !this.#isOver; turn += 1) {
      // Ana's credits come from her parent, and are more than she spends.
      const operations = [transfer(root.token, ana.id), transfer(root.token, ana.id), transfer(root.token, ana.id)];
      operations.push(transfer(ana.token, bruno.id), activate(ana));
      const operation = operations[turn % operations.length];
      if (operation) await this.#settle(operation, turn);
    }
  }

  async #settle(operation: Operation, turn: number): Promise<void> {
    const first = await this.#answer(operation, () => this.origins[turn % this.origins.length]);
    const id = first?.transfer?.id;
    if (id === undefined) return;
    this.acknowledged.add(rowOf(id));
    for (const origin of this.origins) {
      const again = await this.#answer(operation, () => this.origins.find((one) => one === origin));
      if (again && !(again.replayed === true && again.transfer?.id === id)) this.#note('not the same again', again);
    }
  }

  /** Returns undefined if there is no server left, or the run is over. */
  async #answer({ query, token, variables }: Operation, where: () => string | undefined): Promise<Payload | undefined> {
    const answered = await until(async () => {
      const origin = where();
      if (origin === undefined) return null;
      const reply = await ask(origin, token, query, variables, PATIENCE_MS);
      if (reply.kind === 'answered') return reply.payload;
      if (reply.kind === 'failed') this.#note('failed', reply);
      return this.#isOver && reply.kind === 'nothing' ? null : undefined;
    });
    return answered ?? undefined;
  }

  #note(what: string, answer: object): void {
    this.wrong.push(`${what}: ${JSON.stringify(answer)}`);
  }
}

/** Collects every version of an account that one server sends, from the first one on. */
export function watch(client: Client, token: string): readonly number[] {
  const versions: number[] = [];
  const socket = client.socket(token);
  socket.subscribe<{ changed: { version: number } }>(
    { query: BALANCE },
    { next: ({ data }) => void (data && versions.push(data.changed.version)), error: () => {}, complete: () => {} },
  );
  closedAtEnd(async () => socket.dispose());
  return versions;
}

/** The transfers posted under the callers' keys. */
export async function postedByKeys(sql: Sql): Promise<readonly string[]> {
  const rows = await sql<{ id: string }[]>`SELECT transfer_id AS id FROM command_key WHERE key LIKE 'soak %' ORDER BY 1`;
  return rows.map(({ id }) => id);
}

/** Waits until the watcher has seen the newest version, and returns whether each version arrived once, in order. */
export async function hasSeenAll(sql: Sql, accountId: string, seen: readonly number[]): Promise<boolean> {
  const [account] = await sql<{ version: number }[]>`SELECT version FROM account WHERE id = ${rowOf(accountId)}`;
  const newest = account?.version ?? 0;
  await until(() => (seen.at(-1) ?? 0) >= newest);
  return seen.length === newest && seen.every((version, index) => version === index + 1);
}
