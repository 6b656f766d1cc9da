/** The clean-up steps of a stage. They run in reverse order, also when the run is interrupted. */
export class Undo {
  static readonly #open = new Set<Undo>();
  #steps: (() => unknown)[] = [];

  constructor() {
    Undo.#open.add(this);
  }

  push(step: () => unknown): void {
    this.#steps.push(step);
  }

  /** Runs every step, even after one that failed. */
  async run(): Promise<void> {
    Undo.#open.delete(this);
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) {
      try {
        await step();
      } catch (error) {
        process.stderr.write(`${error}\n`);
      }
    }
  }

  static async runAll(): Promise<void> {
    for (const undo of [...Undo.#open].reverse()) await undo.run();
  }
}
