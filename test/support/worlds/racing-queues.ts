/** Several posting queues on one database, for races. */

import type { Command } from '../../../src/ledger/command.ts';
import type { Outcome } from '../../../src/ledger/outcome.ts';
import type { PostingQueue } from '../../../src/ledger/posting/queue.ts';
import { createDatabase, type TestDatabase } from './database.ts';
import { LedgerWorld, times } from './ledger-world.ts';

const QUEUES = 3;

/** A ledger with the queues of several processes, for commands that race. */
export class RacingQueues implements AsyncDisposable {
  readonly world: LedgerWorld;
  readonly #database: TestDatabase;
  readonly #queues: readonly PostingQueue[];

  private constructor(world: LedgerWorld, database: TestDatabase) {
    this.world = world;
    this.#database = database;
    this.#queues = times(QUEUES, () => world.openQueue());
  }

  static async open(): Promise<RacingQueues> {
    const database = await createDatabase();
    return new RacingQueues(await LedgerWorld.open(database.url), database);
  }

  /** Posts all commands at once, each to the next process's queue, and returns the result of each. */
  race(commands: readonly Command[], turn = 0): Promise<string[]> {
    return Promise.all(
      commands.map(async (command, index) => resultOf(await (this.#queues[(index + turn) % QUEUES] ?? this.world.queue).post(command))),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const queue of this.#queues) await queue.close();
    await this.world.close();
    await this.#database.drop();
  }
}

/** The code of a refusal, or the status of the outcome. */
export function resultOf(outcome: Outcome): string {
  return outcome.status === 'refused' ? outcome.refusal.code : outcome.status;
}
