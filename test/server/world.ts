import { EventEmitter } from 'node:events';
import { GraphQLScalarType, type GraphQLSchema, Kind } from 'graphql';
import { createClient } from 'graphql-ws';
import { createSchema } from 'graphql-yoga';
import { WebSocket } from 'ws';
import type { Actor } from '../../src/kernel/actor.ts';
import { BadUserInput, Forbidden, NotFound, Overloaded, Unauthenticated } from '../../src/kernel/errors.ts';
import { createLogger } from '../../src/kernel/log.ts';
import type { RightsHint } from '../../src/kernel/rights.ts';
import type { ContextBase } from '../../src/server/context.ts';
import { createServer, type DoorServer, type ServerOptions } from '../../src/server/http.ts';
import { DEFAULT_LIMITS, type Limits } from '../../src/server/limits.ts';
import { createMetrics } from '../../src/server/metrics.ts';

/** A small schema of the tests' own, with everything a door must carry: it is not the API's. */
const typeDefs = `
  scalar Credits
  interface Named { name: String! }
  type Panel implements Named { name: String! balance: Credits! parent: Panel broken: Credits! }
  type Person implements Named { name: String! role: Role! }
  enum Role { OWNER VIEWER }
  union Result = Panel | Refused
  type Refused { code: String! }
  input TransferInput { to: ID! amount: Credits! memo: String = "none" role: Role tags: [String!] password: String }
  input ModeInput { role: Role! = OWNER }
  input ChoiceInput @oneOf { a: Int b: Int }
  type Query {
    me: Panel
    secret: String
    named: [Named!]!
    echo(value: Credits!): Credits!
    text(value: String = "default"): String!
    choice(input: ChoiceInput!): Int
    mode(input: ModeInput!): Role
    later(value: Int!): Int
    fails(how: String!): Panel
    failsHard(how: String!): Panel!
    many(count: Int!): [Panel!]!
  }
  type Mutation {
    transfer(input: TransferInput!): Result!
    transferCreditsBatch(input: [TransferInput!]!): Int!
    signIn(cookie: Boolean! = true): String
    signOut: Boolean!
    held: Int!
  }
  type Subscription {
    ticks(count: Int!): Int!
    never: Int!
    flood(bytes: Int!): String!
    fails(after: Int!): Int!
    private: Int!
  }
`;

function credits(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw new TypeError('Credits are whole, from 0 to 9007199254740991.');
  return value;
}

const Credits = new GraphQLScalarType<number, number>({
  name: 'Credits',
  serialize: credits,
  parseValue: credits,
  parseLiteral: (node) => credits(node.kind === Kind.INT ? Number(node.value) : node),
});

export class World {
  readonly rights = new EventEmitter();
  /** Token → actor: what authenticate answers. */
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

interface TestContext extends ContextBase {
  actor: Actor | null;
}

const thrown: Record<string, () => unknown> = {
  refusal: () => new Forbidden(),
  notFound: () => new NotFound(),
  overloaded: () => new Overloaded(7),
  input: () => new BadUserInput('after', 'is above the present version.'),
  bug: () => new TypeError('leaks root@demo.test and a password'),
  nothing: () => undefined,
};

function actorOf(context: TestContext): Actor {
  if (!context.actor) throw new Unauthenticated();
  return context.actor;
}

export function schemaOf(world: World): GraphQLSchema {
  const panel = (name: string): object => ({
    __typename: 'Panel',
    name,
    balance: 7,
    broken: null,
  });
  const fail = (how: string) => {
    if (how === 'later') return Promise.reject(new Forbidden());
    throw thrown[how]?.();
  };
  async function* counted(count: number) {
    world.openStreams += 1;
    try {
      for (let tick = 1; tick <= count; tick += 1) yield tick;
    } finally {
      world.openStreams -= 1;
      world.events.emit('stream ended');
    }
  }
  const never = () => {
    world.openStreams += 1;
    let stop: (() => void) | undefined;
    const ended = new Promise<void>((resolve) => {
      stop = resolve;
    });
    return {
      next: () => ended.then(() => ({ done: true as const, value: undefined })),
      return: async () => {
        if (stop) world.openStreams -= 1;
        stop?.();
        stop = undefined;
        world.events.emit('stream ended');
        return { done: true as const, value: undefined };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  };
  async function* flood() {
    for (;;) {
      world.flooded += 1;
      yield world.flooded;
    }
  }
  async function* failing(after: number) {
    for (let tick = 1; tick <= after; tick += 1) yield tick;
    throw new NotFound();
  }

  return createSchema<TestContext>({
    typeDefs,
    resolvers: {
      Credits,
      Panel: { parent: ({ name }) => panel(`${name}'s parent`) },
      Query: {
        me: (_root, _args, context) => panel(actorOf(context).userId),
        secret: (_root, _args, context) => actorOf(context).role,
        named: () => [panel('p'), { __typename: 'Person', name: 'q', role: 'VIEWER' }],
        echo: (_root, { value }) => value,
        text: (_root, { value }) => value,
        choice: (_root, { input }) => input.a ?? input.b,
        mode: (_root, { input }) => input.role,
        later: (_root, { value }) => Promise.resolve(value),
        fails: (_root, { how }) => fail(how),
        failsHard: (_root, { how }) => fail(how),
        many: (_root, { count }) => Array.from({ length: count }, (_item, index) => panel(`p${index}`)),
      },
      Mutation: {
        transfer: (_root, { input }, context) => {
          actorOf(context);
          world.executed.push(JSON.stringify(input));
          return input.amount > 100
            ? { __typename: 'Refused', code: 'INSUFFICIENT_CREDITS' }
            : { ...panel(input.to), balance: input.amount };
        },
        transferCreditsBatch: (_root, { input }) => input.length,
        signIn: (_root, { cookie }, context) => {
          world.signedIn('fresh');
          if (cookie) context.cookies?.set('fresh', Date.UTC(2030, 0, 1));
          return cookie ? null : 'fresh';
        },
        signOut: (_root, _args, context) => {
          context.cookies?.clear();
          return true;
        },
        held: () =>
          new Promise<number>((resolve) => {
            world.held.push(() => resolve(world.executed.push('held')));
            world.events.emit('held');
          }),
      },
      Subscription: {
        ticks: { subscribe: (_root, { count }) => counted(count), resolve: (tick: number) => tick },
        never: { subscribe: never, resolve: (tick: number) => tick },
        flood: { subscribe: flood, resolve: (_event: number, { bytes }) => 'x'.repeat(bytes) },
        fails: { subscribe: (_root, { after }) => failing(after), resolve: (tick: number) => tick },
        private: {
          subscribe: (_root, _args, context) => {
            actorOf(context);
            return counted(1);
          },
          resolve: (tick: number) => tick,
        },
      },
    },
  });
}

export interface Running extends AsyncDisposable {
  readonly world: World;
  readonly server: DoorServer;
  readonly url: string;
  readonly wsUrl: string;
}

/** A server on a free port, with a world of its own. */
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
    limits: { ...DEFAULT_LIMITS, ...limits },
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
  /** The body, parsed. */
  readonly json: { data?: unknown; errors?: { message: string; path?: unknown; extensions: Record<string, unknown> }[] };
}

/** The two HTTP doors, told apart by an Accept that the small one leaves to Yoga. */
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

/** One operation through graphql-ws' own client: all results, then how it ended. */
export async function overSocket(
  wsUrl: string,
  payload: { query: string; variables?: Record<string, unknown>; extensions?: Record<string, unknown> },
  connectionParams?: Record<string, unknown>,
): Promise<{ results: unknown[]; error?: unknown }> {
  const client = createClient({ url: wsUrl, webSocketImpl: WebSocket, retryAttempts: 0, ...(connectionParams && { connectionParams }) });
  const results: unknown[] = [];
  try {
    return await new Promise((resolve) => {
      client.subscribe(payload, {
        next: (result) => results.push(result),
        error: (error) => resolve({ results, error }),
        complete: () => resolve({ results }),
      });
    });
  } finally {
    await client.dispose();
  }
}

/** A socket spoken to frame by frame. */
export class RawSocket {
  readonly socket: WebSocket;
  readonly frames: Record<string, unknown>[] = [];
  closed: { code: number; reason: string } | null = null;
  readonly #changes = new EventEmitter();

  constructor(url: string, headers: Record<string, string> = {}) {
    this.socket = new WebSocket(url, 'graphql-transport-ws', { headers });
    this.socket.on('message', (data) => {
      this.frames.push(JSON.parse(String(data)));
      this.#changes.emit('change');
    });
    this.socket.on('close', (code, reason) => {
      this.closed = { code, reason: String(reason) };
      this.#changes.emit('change');
    });
    this.socket.on('error', () => {});
  }

  async open(): Promise<this> {
    await new Promise<void>((resolve, reject) => {
      this.socket.once('open', resolve);
      this.socket.once('error', reject);
    });
    return this;
  }

  send(frame: unknown): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  async init(payload?: Record<string, unknown>): Promise<this> {
    this.send({ type: 'connection_init', ...(payload && { payload }) });
    await this.until(() => this.closed !== null || this.frames.some(({ type }) => type === 'connection_ack'));
    return this;
  }

  subscribe(id: string, query: string, more: Record<string, unknown> = {}): void {
    this.send({ id, type: 'subscribe', payload: { query, ...more } });
  }

  /** Waits for frames, not for time. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise((resolve) => this.#changes.once('change', resolve));
  }

  of(id: string): Record<string, unknown>[] {
    return this.frames.filter((frame) => frame.id === id);
  }
}
