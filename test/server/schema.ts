/** A small GraphQL schema for tests of the server. */

import { type EventEmitter, on } from 'node:events';
import { GraphQLScalarType, type GraphQLSchema, Kind } from 'graphql';
import { createSchema } from 'graphql-yoga';
import type { Actor } from '../../src/kernel/actor.ts';
import { BadUserInput, Forbidden, NotFound, Overloaded, Unauthenticated } from '../../src/kernel/errors.ts';
import type { ContextBase } from '../../src/server/graphql/context.ts';
import type { World } from './world.ts';

/** A small schema for the tests, with everything that a handler must support. It is not the API's. */
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
    fails(after: Int!, how: String = "not found"): Int!
    private: Int!
    shared(times: Int! = 1): Int!
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

/** Gives every subscriber the same objects, as the feed does. */
function broadcast(events: EventEmitter): AsyncIterableIterator<unknown> {
  const source = on(events, 'shared');
  return {
    async next() {
      const step = await source.next();
      return step.done ? { done: true, value: undefined } : { done: false, value: step.value[0] };
    },
    async return() {
      await source.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
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
  async function* failing(after: number, how: string) {
    for (let tick = 1; tick <= after; tick += 1) yield tick;
    throw how === 'not found' ? new NotFound() : new Unauthenticated();
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
        fails: { subscribe: (_root, { after, how }) => failing(after, how), resolve: (tick: number) => tick },
        shared: {
          subscribe: () => broadcast(world.events),
          resolve: ({ value }: { value: number }, { times }, context) => {
            world.executed.push(`for ${actorOf(context).panel?.id} times ${times}`);
            return value * times;
          },
        },
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
