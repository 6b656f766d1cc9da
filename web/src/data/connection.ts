/** Tracks whether the server can be reached, and notifies listeners. */

export type ConnectionState = 'live' | 'connecting' | 'offline';

/** The state of the connection to the server, with its listeners. */
export class Connection {
  #state: ConnectionState = 'connecting';
  readonly #watchers = new Set<() => void>();
  readonly #reconnectListeners = new Set<() => void>();
  readonly #connectListeners = new Set<() => void>();
  #wasLive = false;

  state = (): ConnectionState => (navigator.onLine ? this.#state : 'offline');

  watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  /** Calls back whenever a lost connection is restored. Data that no version number resumes must be fetched again. */
  onReconnect(listener: () => void): () => void {
    this.#reconnectListeners.add(listener);
    return () => this.#reconnectListeners.delete(listener);
  }

  /** Calls back whenever the connection is established, also the first time. Earlier changes were not pushed to this tab. */
  onConnect(listener: () => void): () => void {
    this.#connectListeners.add(listener);
    return () => this.#connectListeners.delete(listener);
  }

  set(state: ConnectionState): void {
    const isConnect = state === 'live' && this.#state !== 'live';
    const isReconnect = isConnect && this.#wasLive;
    if (state === 'live') this.#wasLive = true;
    this.#state = state;
    this.announce();
    if (isReconnect) for (const listener of this.#reconnectListeners) listener();
    if (isConnect) for (const listener of this.#connectListeners) listener();
  }

  /** For a new session: the next connection counts as the first one, not as a reconnect. */
  reset(): void {
    this.#wasLive = false;
    this.set('connecting');
  }

  announce(): void {
    for (const watcher of this.#watchers) watcher();
  }
}
