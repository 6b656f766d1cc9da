/** Makes the context that resolvers receive, for every handler. */

import type { Context, SessionCookies } from '../../../schema/core/context.ts';
import { clearCaches } from '../../../schema/core/scopes.ts';
import type { Actor } from '../../kernel/actor.ts';
import type { EventContexts } from './operation.ts';

/** What a handler knows about an operation. */
export interface ContextBase {
  readonly actor: Actor | null;
  readonly address: string;
  /** The client's User-Agent header. */
  readonly userAgent: string | null;
  readonly cookies: SessionCookies | null;
}

/** Resolvers may replace the actor. A subscription continues with the new one. */
export interface ActingContext {
  actor: Actor | null;
}

/** Makes the contexts of one subscription. The viewer of each event is the current actor of the first context. */
export function eventContexts(createContext: (base: ContextBase) => ActingContext, base: ContextBase): EventContexts {
  return new Contexts(createContext, base);
}

class Contexts implements EventContexts {
  readonly first: ActingContext;
  readonly #createContext: (base: ContextBase) => ActingContext;
  readonly #base: ContextBase;
  #actor: Actor | null;
  #rights: string;

  constructor(createContext: (base: ContextBase) => ActingContext, base: ContextBase) {
    this.#createContext = createContext;
    this.#base = base;
    this.first = createContext(base);
    // Starts with an empty cache, so that what opening the subscription loads is not kept for the subscription's whole life.
    clearCaches(this.first);
    this.#actor = this.first.actor;
    this.#rights = rightsOf(this.#actor);
  }

  next(): ActingContext {
    return this.#createContext({ ...this.#base, actor: this.first.actor });
  }

  rights(): string {
    if (this.#actor !== this.first.actor) {
      this.#actor = this.first.actor;
      this.#rights = rightsOf(this.#actor);
    }
    return this.#rights;
  }
}

/** A key of the viewer's rights: viewers with the same rights get the same answers. */
function rightsOf(actor: Actor | null): string {
  if (actor === null) return '';
  // Joined, because V8 keeps the result of a template as a tree of its parts.
  return [actor.tenantId, actor.role, actor.key?.scope, actor.support && 'support', actor.panel?.id, actor.panel?.path].join(' ');
}

export function contextFactory(shared: Pick<Context, 'ports' | 'feed'>): (base: ContextBase) => Context {
  const { ports, feed } = shared;
  return ({ actor, address, cookies, userAgent }) => ({ actor, ports, feed, address, cookies, userAgent });
}
