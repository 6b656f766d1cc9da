/** Whether the server can be reached, for whoever shows it. */

export type ConnectionState = 'live' | 'connecting' | 'offline';

/** What is known of the way to the server, and who wants to know it. */
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

  /** Called whenever the connection is there again after it was lost: what is not resumed by a version must be asked anew. */
  onReturn(listener: () => void): () => void {
    this.#returns.add(listener);
    return () => this.#returns.delete(listener);
  }

  /** Called whenever the connection is there, the first time too: what changed until now was pushed to nobody. */
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

  /** A new session: what was lost before is nobody's business now. */
  reset(): void {
    this.#wasLive = false;
    this.set('connecting');
  }

  announce(): void {
    for (const watcher of this.#watchers) watcher();
  }
}
