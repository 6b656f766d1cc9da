/** Tracks whether the server can be reached, and notifies listeners. */

export type ConnectionState = 'live' | 'connecting' | 'offline';

/** The state of the connection to the server, with its listeners. */
export class Connection {
  #state: ConnectionState = 'connecting';
  readonly #watchers = new Set<() => void>();
  readonly #returns = new Set<() => void>();
  readonly #arrivals = new Set<() => void>();
  #wasLive = false;

  state = (): ConnectionState => (navigator.onLine ? this.#state : 'offline');

  watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  /** Calls back whenever a lost connection is restored. Data that no version number resumes must be fetched again. */
  onReturn(listener: () => void): () => void {
    this.#returns.add(listener);
    return () => this.#returns.delete(listener);
  }

  /** Calls back whenever the connection is established, also the first time. Earlier changes were not pushed to this tab. */
  onLive(listener: () => void): () => void {
    this.#arrivals.add(listener);
    return () => this.#arrivals.delete(listener);
  }

  set(state: ConnectionState): void {
    const isArrival = state === 'live' && this.#state !== 'live';
    const isReturn = isArrival && this.#wasLive;
    if (state === 'live') this.#wasLive = true;
    this.#state = state;
    this.announce();
    if (isReturn) for (const listener of this.#returns) listener();
    if (isArrival) for (const listener of this.#arrivals) listener();
  }

  /** For a new session: the next connection counts as its first, not as a return. */
  reset(): void {
    this.#wasLive = false;
    this.set('connecting');
  }

  announce(): void {
    for (const watcher of this.#watchers) watcher();
  }
}
