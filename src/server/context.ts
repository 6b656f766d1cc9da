import type { Context, SessionCookies } from '../../schema/context.ts';
import type { Actor } from '../kernel/actor.ts';
import type { EventContexts } from './pipeline.ts';

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
  const first = createContext(base);
  let known = { actor: first.actor, rights: rightsOf(first.actor) };
  return {
    first,
    next: () => createContext({ ...base, actor: first.actor }),
    rights() {
      if (known.actor !== first.actor) known = { actor: first.actor, rights: rightsOf(first.actor) };
      return known.rights;
    },
  };
}

/** Viewers with the same rights are answered alike. */
function rightsOf(actor: Actor | null): string {
  return actor === null ? '' : `${actor.tenantId} ${actor.role} ${actor.key?.scope} ${actor.panel?.id} ${actor.panel?.path}`;
}

export function contextFactory(shared: Pick<Context, 'ports' | 'feed'>): (base: ContextBase) => Context {
  const { ports, feed } = shared;
  return ({ actor, address, cookies, userAgent }) => ({ actor, ports, feed, address, cookies, userAgent });
}
