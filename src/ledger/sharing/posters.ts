/** Decides which processes of a port post the commands of all of them, from the command counts that each reports. */

/** How often a process reports its number of commands. */
export const PERIOD_MS = 250;
/** How long a report counts: commands are forwarded from the first busy period until this time after the last one. */
const MEMORY_MS = 2_000;
/** A process with at least this many commands in a period is busy: another process's batches would often wait for its rows. */
const BUSY = 25;
/** A process that posts more commands of others than this in a second has too little time for its own callers. */
const COMMANDS_A_SECOND = 3_000;
const MS_PER_SECOND = 1_000;

interface Report {
  readonly commands: number;
  readonly atMs: number;
}

/** Every process of a port decides the same, except for reports still in transit. A disagreement costs only time, never correctness. */
export class Posters {
  readonly #reports = new Map<number, Report[]>();
  /** In ascending order. */
  #posters: readonly number[] = [];

  /** Records how many commands a process's own callers posted in a period. */
  report(process: number, commands: number, nowMs: number): void {
    const reports = this.#reports.get(process) ?? [];
    reports.push({ commands, atMs: nowMs });
    this.#reports.set(process, reports);
  }

  forget(process: number): void {
    this.#reports.delete(process);
    this.#posters = this.#posters.filter((one) => one !== process);
  }

  /** Chooses the posters. Call this once in each period. */
  decide(nowMs: number): void {
    const busy: number[] = [];
    let commands = 0;
    for (const [process, reports] of this.#reports) {
      const recent = reports.filter(({ atMs }) => nowMs - atMs < MEMORY_MS);
      if (recent.length === 0) this.#reports.delete(process);
      else this.#reports.set(process, recent);
      const most = Math.max(0, ...recent.map((one) => one.commands));
      if (most < BUSY) continue;
      busy.push(process);
      commands += most;
    }
    const posters = Math.ceil((commands * MS_PER_SECOND) / PERIOD_MS / COMMANDS_A_SECOND);
    // A single busy process has nobody's row locks to wait for.
    this.#posters = busy.length < 2 ? [] : busy.sort((a, b) => a - b).slice(0, posters);
  }

  /** Whether no process has reported commands recently, so that there is nothing to decide. */
  get isQuiet(): boolean {
    return this.#reports.size === 0;
  }

  /** The process that posts the tenant's commands. Null if every process posts its own. */
  of(tenantId: string): number | null {
    if (this.#posters.length === 0) return null;
    return this.#posters[Number.parseInt(tenantId.slice(-8), 16) % this.#posters.length] ?? null;
  }
}
