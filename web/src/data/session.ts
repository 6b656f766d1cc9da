/** Who is signed in, as far as the browser knows. */

import { type ApolloClient, CombinedGraphQLErrors } from '@apollo/client';
import type { SignedInFragment } from '../gql/graphql.ts';
import { SignOutDocument, ViewerDocument } from './documents.ts';
import { startAgain } from './support.ts';

/** That a sign-out did not reach the server: the cookie, which no script can remove, is still good. */
const OWED = 'revenda-sign-out-owed';

/**
 * `unreachable`: the server did not answer, so nobody knows yet. `in`: the viewer is in the cache. `oneTime`: signed in with a
 * one-time password, which must be changed before anything else.
 */
export type SessionState = 'unknown' | 'unreachable' | 'out' | 'oneTime' | 'in';

/** Who sits before the screen: by a cookie that no script can read, so the server must be asked. */
export class Session {
  #state: SessionState = 'unknown';
  /** How often somebody has come in. What was asked before that says nothing of who is in now. */
  #entries = 0;
  /** As it was typed at signing in, for as long as it must be changed. */
  #oneTimePassword: string | null = null;
  readonly #apollo: ApolloClient;
  readonly #forget: () => Promise<void>;
  readonly #watchers = new Set<() => void>();

  /** `forget` leaves nothing of the last session in the tab. */
  constructor(apollo: ApolloClient, forget: () => Promise<void>) {
    this.#apollo = apollo;
    this.#forget = forget;
  }

  state = (): SessionState => this.#state;

  /** To be kept with what is asked of the server, for `lost` and `mustChangePassword`. */
  entries = (): number => this.#entries;

  watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  /** Asks the server who is signed in. A person who has signed out is not, though the server did not hear of it at the time. */
  check = async (): Promise<void> => {
    if (localStorage.getItem(OWED) !== null) return this.#pay();
    const asked = this.#entries;
    try {
      const before = this.#state === 'in' ? this.#support() : undefined;
      const { data } = await this.#apollo.query({ query: ViewerDocument, fetchPolicy: 'network-only' });
      // What the tab shows is somebody else's.
      if (data && before !== undefined && before !== this.#support()) startAgain();
      this.#set(data ? 'in' : 'unreachable');
    } catch (error) {
      if (isCoded(error, 'UNAUTHENTICATED')) this.lost(asked);
      else if (isCoded(error, 'PASSWORD_CHANGE_REQUIRED')) this.mustChangePassword(null, asked);
      else if (this.#state === 'unknown') this.#set('unreachable');
    }
  };

  /** A sign-in's payload brings the viewer: it is not asked for again. */
  begin(viewer: SignedInFragment): void {
    localStorage.removeItem(OWED);
    this.#apollo.writeQuery({ query: ViewerDocument, data: { __typename: 'Query', viewer } });
    this.#set('in');
  }

  /** Which support session this is, by its end; null: none. */
  #support(): string | null {
    return this.#apollo.readQuery({ query: ViewerDocument })?.viewer.support?.expiresAt ?? null;
  }

  /** `typed`: where the person has just given it. `asked`: see `lost`. */
  mustChangePassword(typed: string | null = null, asked = this.#entries): void {
    if (asked !== this.#entries) return;
    this.#oneTimePassword ??= typed;
    localStorage.removeItem(OWED);
    if (this.#state !== 'oneTime') this.#set('oneTime');
  }

  oneTimePassword = (): string | null => this.#oneTimePassword;

  /** The server could not be told that the person has signed out: it is told when the application is opened again. */
  owe(): void {
    localStorage.setItem(OWED, '');
  }

  async #pay(): Promise<void> {
    try {
      await this.#apollo.mutate({ mutation: SignOutDocument });
      localStorage.removeItem(OWED);
    } catch (error) {
      if (isCoded(error, 'UNAUTHENTICATED')) localStorage.removeItem(OWED);
    }
    this.lost();
  }

  /** The session has ended, here or elsewhere; with `asked` that of `entries` then: an answer that comes late ends no newer one. */
  lost(asked = this.#entries): void {
    if (this.#state === 'out' || asked !== this.#entries) return;
    this.#set('out');
    this.#forget().catch(() => {});
  }

  #set(state: SessionState): void {
    if (state !== this.#state && (state === 'in' || state === 'oneTime')) this.#entries += 1;
    this.#state = state;
    if (state !== 'oneTime') this.#oneTimePassword = null;
    for (const watcher of this.#watchers) watcher();
  }
}

function isCoded(error: unknown, code: string): boolean {
  return CombinedGraphQLErrors.is(error) && error.errors.some(({ extensions }) => extensions?.code === code);
}
