/** Keeps an older version of an account or import from replacing a newer one in the cache. */

interface Versioned extends Record<string, unknown> {
  readonly id: string;
  readonly version: number;
}

/** For each type, the fields that change with its version. */
const STATES: Readonly<Record<string, readonly string[]>> = {
  Account: ['version', 'balance', 'locked', 'lockedSince', 'lowBalance'],
  Import: [
    ...['version', 'status', 'hash', 'rows', 'validRows', 'knownRows', 'progress', 'totals', 'proof', 'mode'],
    ...['committedAt', 'committedBy', 'separator', 'encoding', 'timeZone', 'rootName', 'columns'],
  ],
};

/**
 * The live stream may overtake an HTTP response, which then contains an older state than the one on the screen. This class
 * remembers the newest state of every account and import, and writes it into later responses that contain an older one.
 */
export class NewestStates {
  readonly #known = new Map<string, Versioned>();
  readonly #listeners = new Set<() => void>();

  /** Calls `listener` after each response has been written to the cache. Returns a function that stops it. */
  onResponse(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Call this when a response has been written to the cache. */
  responded(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Changes the response in place, wherever it contains an account or import with its version. */
  refresh(answer: unknown): void {
    if (Array.isArray(answer)) for (const item of answer) this.refresh(item);
    else if (isRecord(answer)) {
      for (const field of Object.values(answer)) this.refresh(field);
      if (isVersioned(answer)) this.#compare(answer, STATES[String(answer.__typename)] ?? []);
    }
  }

  forget(): void {
    this.#known.clear();
  }

  #compare(state: Versioned, names: readonly string[]): void {
    const known = this.#known.get(state.id);
    const of = (from: Versioned) => Object.fromEntries(names.flatMap((name) => (name in from ? [[name, from[name]]] : [])));
    if (known === undefined || known.version <= state.version) {
      this.#known.set(state.id, { ...known, ...of(state), id: state.id, version: state.version });
    } else for (const name of names) if (name in state && name in known) Object.assign(state, { [name]: known[name] });
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isVersioned(value: Record<string, unknown>): value is Versioned {
  return String(value.__typename) in STATES && typeof value.id === 'string' && typeof value.version === 'number';
}
