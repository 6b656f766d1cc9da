/** The state of the session, as far as this tab knows. */

import { type ApolloClient, CombinedGraphQLErrors } from '@apollo/client';
import type { SignedInFragment } from '../gql/graphql.ts';
import { SignOutDocument, ViewerDocument } from './documents.ts';
import { reloadAtStart } from './support.ts';

/** The storage key that records a sign-out that did not reach the server. The cookie, which no script can delete, is still valid. */
const DEFERRED_SIGN_OUT = 'revenda-sign-out-owed';

/**
 * `unreachable`: the server did not respond, so the state is unknown. `in`: the viewer is in the cache. `oneTime`: signed in
 * with a one-time password, which must be changed before anything else.
 */
export type SessionState = 'unknown' | 'unreachable' | 'out' | 'oneTime' | 'in';

/** Tracks who is signed in. No script can read the session cookie, so only the server knows. */
export class Session {
  #state: SessionState = 'unknown';
  /** The number of sign-ins in this tab. A response to a request from an earlier sign-in says nothing about the current session. */
  #signIns = 0;
  /** The one-time password as typed at sign-in, until it is changed. */
  #oneTimePassword: string | null = null;
  readonly #apollo: ApolloClient;
  readonly #forget: () => Promise<void>;
  readonly #watchers = new Set<() => void>();

  /** `forget` removes all data of the last session from the tab. */
  constructor(apollo: ApolloClient, forget: () => Promise<void>) {
    this.#apollo = apollo;
    this.#forget = forget;
  }

  state = (): SessionState => this.#state;

  /** Store this number with each request, and pass it to `end` and `mustChangePassword`. */
  signIns = (): number => this.#signIns;

  watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  /** Asks the server who is signed in. First completes a sign-out that did not reach the server. */
  check = async (): Promise<void> => {
    if (localStorage.getItem(DEFERRED_SIGN_OUT) !== null) return this.#sendDeferredSignOut();
    const asked = this.#signIns;
    try {
      const before = this.#state === 'in' ? this.#support() : undefined;
      const { data } = await this.#apollo.query({ query: ViewerDocument, fetchPolicy: 'network-only' });
      // The tab still shows the data of another session.
      if (data && before !== undefined && before !== this.#support()) reloadAtStart();
      this.#set(data ? 'in' : 'unreachable');
    } catch (error) {
      if (isCoded(error, 'UNAUTHENTICATED')) this.end(asked);
      else if (isCoded(error, 'PASSWORD_CHANGE_REQUIRED')) this.mustChangePassword(null, asked);
      else if (this.#state === 'unknown') this.#set('unreachable');
    }
  };

  /** Starts a session with the viewer from the sign-in's payload, without another query. */
  begin(viewer: SignedInFragment): void {
    localStorage.removeItem(DEFERRED_SIGN_OUT);
    this.#apollo.writeQuery({ query: ViewerDocument, data: { __typename: 'Query', viewer } });
    this.#set('in');
  }

  /** Identifies the support session by its expiry; null outside one. */
  #support(): string | null {
    return this.#apollo.readQuery({ query: ViewerDocument })?.viewer.support?.expiresAt ?? null;
  }

  /** `typed`: the password, if the person has just typed it. `asked`: see `end`. */
  mustChangePassword(typed: string | null = null, asked = this.#signIns): void {
    if (asked !== this.#signIns) return;
    this.#oneTimePassword ??= typed;
    localStorage.removeItem(DEFERRED_SIGN_OUT);
    if (this.#state !== 'oneTime') this.#set('oneTime');
  }

  oneTimePassword = (): string | null => this.#oneTimePassword;

  /** Records a sign-out that did not reach the server. The application sends it when it is next opened. */
  deferSignOut(): void {
    localStorage.setItem(DEFERRED_SIGN_OUT, '');
  }

  async #sendDeferredSignOut(): Promise<void> {
    try {
      await this.#apollo.mutate({ mutation: SignOutDocument });
      localStorage.removeItem(DEFERRED_SIGN_OUT);
    } catch (error) {
      if (isCoded(error, 'UNAUTHENTICATED')) localStorage.removeItem(DEFERRED_SIGN_OUT);
    }
    this.end();
  }

  /** Ends the session. `asked`: the value of `signIns` when the request was sent, so that a late response ends no newer session. */
  end(asked = this.#signIns): void {
    if (this.#state === 'out' || asked !== this.#signIns) return;
    this.#set('out');
    this.#forget().catch(() => {});
  }

  #set(state: SessionState): void {
    if (state !== this.#state && (state === 'in' || state === 'oneTime')) this.#signIns += 1;
    this.#state = state;
    if (state !== 'oneTime') this.#oneTimePassword = null;
    for (const watcher of this.#watchers) watcher();
  }
}

function isCoded(error: unknown, code: string): boolean {
  return CombinedGraphQLErrors.is(error) && error.errors.some(({ extensions }) => extensions?.code === code);
}
