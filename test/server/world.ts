/** A server of the small test schema, with its sessions and counts. */

import { EventEmitter } from 'node:events';
import type { Actor } from '../../src/kernel/actor.ts';
import { createLogger } from '../../src/kernel/log.ts';
import type { RightsHint } from '../../src/kernel/rights.ts';
import { DEFAULT_LIMITS, type Limits } from '../../src/server/limits.ts';
import { createMetrics } from '../../src/server/metrics.ts';
import { type ApiServer, createServer, type ServerOptions } from '../../src/server/server.ts';
import { PATIENT_LIMITS } from '../support/patient.ts';
import { schemaOf } from './schema.ts';

export class World {
  readonly rights = new EventEmitter();
  /** The actor of each token, for `authenticate`. */
  readonly actors = new Map<string, Actor>();
  /** Mutations that wait until `letGo`. */
  held: (() => void)[] = [];
  executed: string[] = [];
  flooded = 0;
  openStreams = 0;
  logged: string[] = [];
  readonly events = new EventEmitter();

  letGo(): void {
    for (const go of this.held.splice(0)) go();
  }

  signedIn(token: string, role: Actor['role'] = 'OWNER'): Actor {
    const actor: Actor = {
      userId: `user-${token}`,
      tenantId: 'tenant',
      email: 'someone@example.test',
      role,
      sessionId: `session-${token}`,
      sessionExpiresAtMs: Date.now() + 3_600_000,
      key: null,
      mustChangePassword: false,
      support: null,
      panel: { id: `panel-${token}`, path: 'a.', depth: 0 },
    };
    this.actors.set(token, actor);
    return actor;
  }

  end(token: string): void {
    const actor = this.actors.get(token);
    this.actors.delete(token);
    if (actor) this.rights.emit('hint', { kind: 'session', tenantId: actor.tenantId, sessionId: actor.sessionId } satisfies RightsHint);
  }
}

export interface Running extends AsyncDisposable {
  readonly world: World;
  readonly server: ApiServer;
  readonly url: string;
  readonly wsUrl: string;
}

/** Starts a server on a free port, with a world of its own. */
export async function serve(limits: Partial<Limits> = {}, options: Partial<ServerOptions> = {}): Promise<Running> {
  const world = new World();
  const log = createLogger('silent');
  log.error = (...what: unknown[]) => void world.logged.push(JSON.stringify(what));
  const server = createServer({
    schema: schemaOf(world),
    authenticate: async (token) => world.actors.get(token) ?? null,
    stillValid: async (sessions) =>
      new Map(
        [...world.actors.values()]
          .filter((actor) => sessions.some(({ sessionId }) => sessionId === actor.sessionId))
          .map((actor) => [actor.sessionId, actor]),
      ),
    onRights: (listener) => {
      world.rights.on('hint', listener);
      return () => world.rights.off('hint', listener);
    },
    createContext: (base) => ({ ...base, actor: base.actor, address: base.address, cookies: base.cookies }),
    limits: { ...DEFAULT_LIMITS, ...PATIENT_LIMITS, ...limits },
    corsOrigins: [],
    trustProxyHops: 0,
    cookieSecure: false,
    log,
    health: { ready: async () => true },
    metrics: createMetrics(),
    ...options,
  });
  const { port } = await server.listen(0, '127.0.0.1');
  return {
    world,
    server,
    url: `http://127.0.0.1:${port}/graphql`,
    wsUrl: `ws://127.0.0.1:${port}/graphql`,
    async [Symbol.asyncDispose]() {
      world.letGo();
      await server.close();
    },
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body. */
  readonly json: { data?: unknown; errors?: { message: string; path?: unknown; extensions: Record<string, unknown> }[] };
}

/** The two HTTP handlers, chosen by an Accept header that the JSON handler leaves to Yoga. */
export const DOORS = { json: 'application/json', yoga: 'application/json, multipart/mixed' } as const;

export async function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const text = typeof body === 'string' || body instanceof Buffer ? body : JSON.stringify(body);
  return answerOf(await fetch(url, { method: 'POST', body: text, headers: { 'content-type': 'application/json', ...headers } }));
}

export async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: text.startsWith('{') ? JSON.parse(text) : {} };
}

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
