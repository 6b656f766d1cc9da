/** Decides which processes of a port post the commands of all of them, from how many commands each has told of. */

/** Commands are counted for so long, then told. Milliseconds. */
export const PERIOD_MS = 250;
/** What was told counts for so long: commands are handed on from the first busy period to this long after the last. Milliseconds. */
const MEMORY_MS = 2_000;
/** A process with as many commands a period is busy: a second one's batches would often wait for its rows. */
const BUSY = 25;
/** A process that posts more of others' commands a second has too little time for its own callers. */
const COMMANDS_A_SECOND = 3_000;
const MS_PER_SECOND = 1_000;

interface Told {
  readonly commands: number;
  readonly atMs: number;
}

/** Every process of a port decides alike, give or take what is on its way. A disagreement costs time and nothing else. */
export class Posters {
  readonly #told = new Map<number, Told[]>();
  /** In the order of their numbers. */
  #posters: readonly number[] = [];

  /** How many commands its own callers posted in a period. */
  tell(process: number, commands: number, nowMs: number): void {
    const told = this.#told.get(process) ?? [];
    told.push({ commands, atMs: nowMs });
    this.#told.set(process, told);
  }

  forget(process: number): void {
    this.#told.delete(process);
    this.#posters = this.#posters.filter((one) => one !== process);
  }

  /** Once a period. */
  decide(nowMs: number): void {
    const busy: number[] = [];
    let commands = 0;
    for (const [process, told] of this.#told) {
      const recent = told.filter(({ atMs }) => nowMs - atMs < MEMORY_MS);
      if (recent.length === 0) this.#told.delete(process);
      else this.#told.set(process, recent);
      const most = Math.max(0, ...recent.map((one) => one.commands));
      if (most < BUSY) continue;
      busy.push(process);
      commands += most;
    }
    const posters = Math.ceil((commands * MS_PER_SECOND) / PERIOD_MS / COMMANDS_A_SECOND);
    // One that is busy alone waits for nobody.
    this.#posters = busy.length < 2 ? [] : busy.sort((a, b) => a - b).slice(0, posters);
  }

  /** Whether any process tells of commands: without, there is nothing to decide. */
  get isQuiet(): boolean {
    return this.#told.size === 0;
  }

  /** Who posts the tenant's commands; null: whoever has them. */
  of(tenantId: string): number | null {
    if (this.#posters.length === 0) return null;
    return this.#posters[Number.parseInt(tenantId.slice(-8), 16) % this.#posters.length] ?? null;
  }
}
