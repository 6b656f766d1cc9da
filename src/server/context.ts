import type { Context, SessionCookies } from '../../schema/context.ts';
import type { Actor } from '../kernel/actor.ts';

/** What a door knows about an operation. */
export interface ContextBase {
  readonly actor: Actor | null;
  readonly address: string;
  readonly cookies: SessionCookies | null;
}

/** Resolvers may change the actor: a subscription goes on with who its viewer is by then. */
export interface ActingContext {
  actor: Actor | null;
}

export function contextFactory(shared: Pick<Context, 'ports' | 'feed'>): (base: ContextBase) => Context {
  const { ports, feed } = shared;
  return ({ actor, address, cookies }) => ({ actor, ports, feed, address, cookies });
}
