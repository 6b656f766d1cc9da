/** Makes the context that resolvers receive, on every door. */

import type { Context, SessionCookies } from '../../../schema/core/context.ts';
import { forget } from '../../../schema/core/scopes.ts';
import type { Actor } from '../../kernel/actor.ts';
import type { EventContexts } from './operation.ts';

/** What a door knows about an operation. */
export interface ContextBase {
  readonly actor: Actor | null;
  readonly address: string;
  /** What the client calls itself. */
  readonly userAgent: string | null;
  readonly cookies: SessionCookies | null;
}

/** Resolvers may change the actor: a subscription goes on with who its viewer is by then. */
export interface ActingContext {
  actor: Actor | null;
}

/** The contexts of one subscription, over its base: the viewer of an event is who the viewer of the first has become. */
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
    // Begins what it remembers apart, so that what is concluded to open the subscription is not kept for as long as that.
    forget(this.first);
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

/** Viewers with the same rights are answered alike. */
function rightsOf(actor: Actor | null): string {
  if (actor === null) return '';
  // Joined: a template is kept as a tree of its parts.
  return [actor.tenantId, actor.role, actor.key?.scope, actor.support && 'support', actor.panel?.id, actor.panel?.path].join(' ');
}

export function contextFactory(shared: Pick<Context, 'ports' | 'feed'>): (base: ContextBase) => Context {
  const { ports, feed } = shared;
  return ({ actor, address, cookies, userAgent }) => ({ actor, ports, feed, address, cookies, userAgent });
}
