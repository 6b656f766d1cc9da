/** The ledger of one of several processes of a port: while more than one is busy, a few of them post the commands of all. */

import { monotonicMs } from '../../kernel/clock.ts';
import { Overloaded } from '../../kernel/errors.ts';
import { unpackRefusal } from '../../kernel/packed-refusal.ts';
import { type RequestOrigin, requestOrigin } from '../../kernel/request-origin.ts';
import type { Siblings } from '../../kernel/siblings.ts';
import type { Command } from '../command.ts';
import type { Ledger } from '../ledger.ts';
import type { Outcome } from '../outcome.ts';
import { PERIOD_MS, Posters } from './posters.ts';
import { type Answer, answerOf, type Forwarded, outcomesOf, packOrigin, rejectionOf, unpackOrigin } from './wire.ts';

/** The most commands of one caller that are forwarded. More are nearly a batch already, and are posted here. */
const MAX_FORWARDED = 64;
/** How long to wait beyond the deadline of the other process's queue: after that, its answer was lost. */
const ANSWER_MARGIN_MS = 2_000;

const COUNTED = 'commands counted';
const LEAVING = 'posts no more';
const FORWARDED = 'commands handed on';
const ANSWERED = 'commands answered';

/** One caller's commands that were forwarded to another process and are unanswered. */
interface Open extends Omit<Forwarded, 'origin'> {
  readonly to: number;
  readonly origin: RequestOrigin | undefined;
  readonly deadlineMs: number;
  readonly resolve: (outcomes: readonly Outcome[] | Promise<readonly Outcome[]>) => void;
  readonly reject: (error: unknown) => void;
}

interface SharedLedgerOptions {
  /** Posts the commands of this process. Closed together with this ledger. */
  readonly local: Ledger & { close(): Promise<void> };
  readonly siblings: Siblings;
  /** The time within which `local` answers. */
  readonly deadlineMs: number;
  /** For metrics: forwarded commands that the other process answered, or that were posted here after all. */
  readonly observe: (outcome: 'answered' | 'taken back', commands: number) => void;
}

/**
 * Forwards a tenant's commands to one process, because batches of several processes wait for each other's rows and are smaller
 * (ADR-0125). Correctness does not depend on it: every command is decided under the database's locks, by its key and its ids. If
 * the other process ends without an answer, the command is posted here, with the same ids (ADR-0005).
 */
export class SharedLedger implements Ledger {
  readonly #options: SharedLedgerOptions;
  readonly #posters = new Posters();
  readonly #open = new Map<number, Open>();
  #openCommands = 0;
  /** Called when no forwarded command is unanswered. */
  #onNoneOpen: (() => void) | null = null;
  #lastNumber = 0;
  /** Commands of this process's callers in this period. */
  #counted = 0;
  #timer: NodeJS.Timeout | null = null;
  #isLeaving = false;
  /** Processes that have ended. Their reports are ignored, because a last one may arrive after the end was noticed. */
  readonly #ended = new Set<number>();
  readonly #requests: Outgoing<Forwarded>;
  readonly #answers: Outgoing<Answer>;

  constructor(options: SharedLedgerOptions) {
    this.#options = options;
    const { siblings } = options;
    this.#requests = new Outgoing((to, text) => siblings.sendTo(to, FORWARDED, text));
    this.#answers = new Outgoing((to, text) => siblings.sendTo(to, ANSWERED, text));
    siblings.receive(COUNTED, (commands, from) => {
      if (this.#ended.has(from)) return;
      this.#posters.report(from, Number(commands), monotonicMs());
      this.#watch();
    });
    siblings.receive(LEAVING, (_, from) => this.#end(from));
    siblings.onGone((from) => {
      this.#end(from);
      this.#takeAllBack(from);
    });
    // The other process may never have received these commands.
    siblings.onLost((to) => this.#takeAllBack(to));
    siblings.receive(FORWARDED, (text, from) => this.#serve(JSON.parse(String(text)), from));
    siblings.receive(ANSWERED, (text) => this.#settle(JSON.parse(String(text))));
  }

  get depth(): number {
    return this.#options.local.depth + this.#openCommands;
  }

  async post(command: Command): Promise<Outcome> {
    const to = this.#posterFor([command]);
    if (to === null) return this.#options.local.post(command);
    const [outcome] = await this.#forward(to, [command], false);
    if (!outcome) throw new Error('a process returned no outcome for a command');
    return outcome;
  }

  postAtomic(commands: readonly Command[]): Promise<readonly Outcome[]> {
    const to = this.#posterFor(commands);
    return to === null ? this.#options.local.postAtomic(commands) : this.#forward(to, commands, true);
  }

  postEach(commands: readonly Command[]): Promise<readonly Outcome[]> {
    const to = this.#posterFor(commands);
    return to === null ? this.#options.local.postEach(commands) : this.#forward(to, commands, false);
  }

  /** Stops accepting commands from other processes. This process's own callers may continue. */
  leave(): void {
    if (this.#isLeaving) return;
    this.#isLeaving = true;
    this.#options.siblings.broadcast(LEAVING, null);
  }

  /** Waits for the answers of other processes, and answers their commands. */
  async close(): Promise<void> {
    this.leave();
    const { self } = this.#options.siblings;
    this.#posters.forget(self);
    while (this.#open.size > 0)
      await new Promise<void>((resolve) => {
        this.#onNoneOpen = resolve;
      });
    await this.#options.local.close();
    this.#answers.flush();
    if (this.#timer) clearInterval(this.#timer);
  }

  #posterFor(commands: readonly Command[]): number | null {
    const [first] = commands;
    if (first === undefined || commands.length > MAX_FORWARDED) return null;
    this.#counted += commands.length;
    this.#watch();
    const poster = this.#posters.of(first.tenantId);
    return poster === this.#options.siblings.self ? null : poster;
  }

  /** Starts the period timer, which stops again when nobody posts. */
  #watch(): void {
    this.#timer ??= setInterval(() => this.#endPeriod(), PERIOD_MS);
  }

  #endPeriod(): void {
    const { siblings } = this.#options;
    const nowMs = monotonicMs();
    if (this.#counted > 0 && !this.#isLeaving) {
      this.#posters.report(siblings.self, this.#counted, nowMs);
      siblings.broadcast(COUNTED, this.#counted);
    }
    this.#counted = 0;
    this.#posters.decide(nowMs);
    this.#giveUpExpired(nowMs);
    if (!this.#posters.isQuiet || this.#open.size > 0) return;
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }

  #forward(to: number, commands: readonly Command[], atomic: boolean): Promise<readonly Outcome[]> {
    this.#lastNumber += 1;
    const number = this.#lastNumber;
    const origin = requestOrigin.getStore();
    this.#openCommands += commands.length;
    return new Promise((resolve, reject) => {
      const deadlineMs = monotonicMs() + this.#options.deadlineMs + ANSWER_MARGIN_MS;
      this.#open.set(number, { number, to, commands, atomic, origin, deadlineMs, resolve, reject });
      this.#requests.add(to, { number, commands, atomic, origin: packOrigin(origin) });
    });
  }

  #settle(answers: readonly Answer[]): void {
    for (const answer of answers) {
      const open = this.#open.get(answer.number);
      // The command was taken back or expired before this answer.
      if (open === undefined) continue;
      if ('isLeft' in answer) {
        this.#takeBack(open);
        continue;
      }
      this.#forget(open);
      this.#options.observe('answered', open.commands.length);
      if ('outcomes' in answer) open.resolve(outcomesOf(answer.outcomes));
      else open.reject(errorOf(answer));
    }
  }

  /** Posts the commands here, with the same ids: if the other process has committed them, that is found (ADR-0005). */
  #takeBack(open: Open): void {
    this.#forget(open);
    this.#options.observe('taken back', open.commands.length);
    open.resolve(within(open.origin, () => this.#postHere(open)));
  }

  #takeAllBack(from: number): void {
    for (const open of [...this.#open.values()]) if (open.to === from) this.#takeBack(open);
  }

  #end(process: number): void {
    this.#ended.add(process);
    this.#posters.forget(process);
  }

  #forget(open: Open): void {
    this.#open.delete(open.number);
    this.#openCommands -= open.commands.length;
    if (this.#open.size === 0) this.#onNoneOpen?.();
  }

  /** Rejects commands whose process neither ended nor answered. A retry with the same key settles them. */
  #giveUpExpired(nowMs: number): void {
    for (const open of this.#open.values()) {
      if (open.deadlineMs > nowMs) break;
      this.#forget(open);
      open.reject(new Overloaded(1, 'This could not be confirmed in time: try again, with the same idempotency key.'));
    }
  }

  /** Posts the commands that another process forwarded. They are never forwarded again. */
  #serve(forwarded: readonly Forwarded[], from: number): void {
    for (const { origin, ...one } of forwarded) {
      const { number } = one;
      if (this.#isLeaving) {
        this.#answers.add(from, { number, isLeft: true });
        continue;
      }
      within(unpackOrigin(origin), () => this.#postHere(one)).then(
        (outcomes) => this.#answers.add(from, answerOf(number, outcomes)),
        (error: unknown) => this.#answers.add(from, rejectionOf(number, error)),
      );
    }
  }

  #postHere({ atomic, commands }: Pick<Forwarded, 'atomic' | 'commands'>): Promise<readonly Outcome[]> {
    const { local } = this.#options;
    return atomic ? local.postAtomic(commands) : local.postEach(commands);
  }
}

/** Gathers the items for each process during one turn of the event loop, because a message costs more than its content. */
class Outgoing<T> {
  readonly #send: (to: number, text: string) => void;
  #waiting = new Map<number, T[]>();
  #isScheduled = false;

  constructor(send: (to: number, text: string) => void) {
    this.#send = send;
  }

  add(to: number, one: T): void {
    const waiting = this.#waiting.get(to);
    if (waiting) waiting.push(one);
    else this.#waiting.set(to, [one]);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => this.flush());
  }

  flush(): void {
    this.#isScheduled = false;
    const waiting = this.#waiting;
    this.#waiting = new Map();
    for (const [to, all] of waiting) this.#send(to, JSON.stringify(all));
  }
}

function errorOf(answer: Answer): Error {
  if ('refusal' in answer) return unpackRefusal(answer.refusal);
  return new Error('posting failed in another process', { cause: 'fault' in answer ? answer.fault : undefined });
}

function within<T>(origin: RequestOrigin | undefined, work: () => T): T {
  return origin === undefined ? work() : requestOrigin.run(origin, work);
}
