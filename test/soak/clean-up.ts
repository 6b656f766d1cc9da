/** The clean-up steps of a stage. They run in reverse order, also when the run is interrupted. */
export class CleanUp {
  static readonly #open = new Set<CleanUp>();
  #steps: (() => unknown)[] = [];

  constructor() {
    CleanUp.#open.add(this);
  }

  push(step: () => unknown): void {
    this.#steps.push(step);
  }

  /** Runs every step, even after one that failed. */
  async run(): Promise<void> {
    CleanUp.#open.delete(this);
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) {
      try {
        await step();
      } catch (error) {
        process.stderr.write(`${error}\n`);
      }
    }
  }

  static async runAll(): Promise<void> {
    for (const cleanUp of [...CleanUp.#open].reverse()) await cleanUp.run();
  }
}
