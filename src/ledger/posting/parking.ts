/** Sets commands aside that need a row which another session has locked. */

import { monotonicMs } from '../../kernel/clock.ts';
import type { Submission } from './submission.ts';

export interface ParkingLimits {
  /** The time between two retries of parked submissions. */
  readonly retryMs: number;
  /** The most parked commands. */
  readonly maxCommands: number;
  /** A row is treated as free again when no command has needed it for this long. */
  readonly forgetMs: number;
}

/** The submissions that need rows which another session has locked. They are set aside so that they delay no other submission (ADR-0008). */
export class Parking {
  readonly #limits: ParkingLimits;
  readonly #retry: (submissions: readonly Submission[]) => void;
  /** In order of arrival. */
  #parked: Submission[] = [];
  #commands = 0;
  /** Rows that another session had locked, and when that was last seen. */
  readonly #held = new Map<string, number>();
  #timer: NodeJS.Timeout | null = null;

  /** `retry` is called with the submissions that are due. */
  constructor(limits: ParkingLimits, retry: (submissions: readonly Submission[]) => void) {
    this.#limits = limits;
    this.#retry = retry;
  }

  get rowsHeld(): number {
    return this.#held.size;
  }

  needsHeld(submission: Submission): boolean {
    return this.#held.size > 0 && submission.rows.some((row) => this.#held.has(row));
  }

  sawHeld(rows: readonly string[]): void {
    for (const row of rows) this.#held.set(row, monotonicMs());
  }

  /** The submission was decided, so the rows that it needs were free. */
  sawFree(submission: Submission): void {
    if (this.#held.size > 0) for (const row of submission.rows) this.#held.delete(row);
  }

  /** Forgets rows whose lock was last seen longer than `forgetMs` ago. */
  forgetOld(nowMs: number): void {
    for (const [row, seenMs] of this.#held) if (seenMs + this.#limits.forgetMs < nowMs) this.#held.delete(row);
  }

  forgetAll(): void {
    this.#held.clear();
  }

  /** Returns false if there was no room for the submission. */
  park(submission: Submission): boolean {
    return this.#keep(submission);
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
  }

  #keep(submission: Submission): boolean {
    const { length } = submission.commands;
    if (this.#commands > 0 && this.#commands + length > this.#limits.maxCommands) return false;
    this.#parked.push(submission);
    this.#commands += length;
    this.#timer ??= setTimeout(() => this.#retrySome(), this.#limits.retryMs);
    return true;
  }

  /** Retries one submission for each locked row, and all that need none. Retrying every submission would delay the other commands. */
  #retrySome(): void {
    this.#timer = null;
    const waiting = this.#parked.filter((submission) => submission.state !== 'answered');
    this.#parked = [];
    this.#commands = 0;
    const asked = new Set<string>();
    const ready: Submission[] = [];
    for (const submission of waiting) {
      const held = submission.rows.filter((row) => this.#held.has(row));
      if (held.length > 0 && held.every((row) => asked.has(row))) {
        this.#keep(submission);
        continue;
      }
      for (const row of held) asked.add(row);
      ready.push(submission);
    }
    this.#retry(ready);
  }
}
