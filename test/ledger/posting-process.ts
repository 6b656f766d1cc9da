/** The parent's side of a process that posts to the ledger. */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Command } from '../../src/ledger/command.ts';
import type { Outcome } from '../../src/ledger/outcome.ts';
import { closedAtEnd } from '../support/leftovers.ts';

export interface PostingRequest {
  readonly id: number;
  /** 'one' posts each command by itself. */
  readonly mode: 'one' | 'atomic' | 'each';
  readonly commands: readonly Command[];
}

/** POSTED, REPLAYED or the refusal's code for each command; a refused ATOMIC item gives only BATCH_REFUSED. */
export interface PostingAnswer {
  readonly id: number;
  readonly words: readonly string[];
}

export function resultOf(outcome: Outcome): string {
  // If this very command was posted and its answer was lost, its caller sees a posting, not a replay.
  if (outcome.status === 'replayed' && outcome.own) return 'POSTED';
  return outcome.status === 'refused' ? outcome.refusal.code : outcome.status.toUpperCase();
}

/** An operating system process that posts to the same database as others. */
export class PostingProcess {
  readonly #child: ChildProcess;
  readonly #answers = new Map<number, (words: readonly string[] | null) => void>();
  #sent = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (answer: PostingAnswer) => {
      this.#answers.get(answer.id)?.(answer.words);
      this.#answers.delete(answer.id);
    });
    child.on('close', () => {
      for (const answer of this.#answers.values()) answer(null);
      this.#answers.clear();
    });
  }

  static async start(url: string): Promise<PostingProcess> {
    const program = fileURLToPath(new URL('./posting.child.ts', import.meta.url));
    const child = fork(program, [url], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const ended = once(child, 'exit').then(() => null);
    closedAtEnd(() => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      return ended;
    });
    if ((await Promise.race([once(child, 'message'), ended])) === null) throw new Error('the process ended before it was ready');
    return new PostingProcess(child);
  }

  /** One result for each command; null if the process ended before it answered. */
  post(mode: PostingRequest['mode'], commands: readonly Command[]): Promise<readonly string[] | null> {
    this.#sent += 1;
    const request: PostingRequest = { id: this.#sent, mode, commands };
    return new Promise((resolve) => {
      this.#answers.set(request.id, resolve);
      if (!this.#child.connected) return resolve(null);
      // A killed process is still connected for a moment.
      this.#child.send(request, (error) => error && resolve(null));
    });
  }

  /** Kills the process as `kill -9` does. Resolves when its last output has been read. */
  async kill(): Promise<void> {
    const closed = once(this.#child, 'close');
    this.#child.kill('SIGKILL');
    await closed;
  }

  /** Lets the process answer what it received, and then end by itself. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.disconnect();
    await ended;
  }
}
