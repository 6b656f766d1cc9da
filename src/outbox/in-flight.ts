/** Counts the attempts in flight, in total and for each key, and notifies the worker of changes. */

export interface InFlight {
  /** How many more may begin. */
  free(): number;
  /** Keys that have reached their limit. */
  busyKeys(): readonly string[];
  /** Starts `work` now. It must never reject. */
  run(key: string, work: () => Promise<void>): void;
  /** Resolves `change`, because there may be something to do. */
  wake(): void;
  /** Resolves when some work ended or `wake` was called since the last call, or after `withinMs`. */
  change(withinMs: number): Promise<void>;
  /** Resolves when nothing is in flight. */
  idle(): Promise<void>;
}

export function createInFlight({ maxInFlight, maxPerKey }: { readonly maxInFlight: number; readonly maxPerKey: number }): InFlight {
  const underWay = new Set<Promise<void>>();
  const byKey = new Map<string, number>();
  let changed = false;
  let notify: (() => void) | null = null;

  function wake(): void {
    changed = true;
    notify?.();
  }

  function add(key: string, difference: number): void {
    const count = (byKey.get(key) ?? 0) + difference;
    if (count > 0) byKey.set(key, count);
    else byKey.delete(key);
  }

  return {
    free: () => maxInFlight - underWay.size,
    busyKeys: () => [...byKey].flatMap(([key, count]) => (count >= maxPerKey ? [key] : [])),
    run(key, work) {
      add(key, 1);
      const done = work().finally(() => {
        underWay.delete(done);
        add(key, -1);
        wake();
      });
      underWay.add(done);
    },
    wake,
    async change(withinMs) {
      if (!changed) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, withinMs);
          notify = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        notify = null;
      }
      changed = false;
    },
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}
