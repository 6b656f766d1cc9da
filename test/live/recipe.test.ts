import { readFile } from 'node:fs/promises';
import { type AddressInfo, connect as connectTo, createServer, type Socket } from 'node:net';
import { ApolloClient, gql, InMemoryCache, type TypedDocumentNode } from '@apollo/client';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Api } from '../support/clients/api.ts';
import { until } from '../support/until.ts';
import { type Demo, plantPanel } from '../support/worlds/demo.ts';
import { startDemo } from '../support/worlds/planted-demo.ts';
import { ACCOUNT_STATE, connect, NewestAccounts, watchBalance } from './recipe.ts';
import { range, versionsOf } from './watch.ts';

let api: Api;
let demo: Demo;
let wire: Wire;

beforeAll(async () => {
  ({ api, demo } = await startDemo());
  wire = await startWire(Number(new URL(api.client.origin).port));
});

afterAll(async () => {
  wire.close();
  await api[Symbol.asyncDispose]();
});

interface Wire {
  readonly origin: string;
  /** Breaks every connection through this proxy. */
  cut(): void;
  close(): void;
}

async function startWire(port: number): Promise<Wire> {
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connectTo(port, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from);
      from.on('error', () => {});
      from.on('close', () => {
        open.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  });
  const cut = () => {
    for (const socket of open) socket.destroy();
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.close();
    cut();
  };
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, cut, close };
}

/** Code without the parts that a formatter changes. */
function bare(code: string): string {
  return code.replace(/\s+/g, '').replace(/,([}\])])/g, '$1');
}

test('the recipe tested here equals the one in docs/client-guide.md', async () => {
  const [guide, recipe] = await Promise.all(['docs/client-guide.md', 'test/live/recipe.ts'].map((path) => readFile(path, 'utf8')));
  const section = /## Apollo Client with resume[\s\S]*?(?=\n## )/.exec(guide ?? '')?.[0] ?? '';
  const blocks = [...section.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code ?? '');
  expect(blocks).toHaveLength(3);
  for (const block of blocks) {
    const imports = block.split('\n').filter((line) => line.startsWith('import '));
    const rest = block.split('\n').filter((line) => !line.startsWith('import '));
    for (const part of [...imports, rest.join('\n')]) expect(bare(recipe ?? '')).toContain(bare(part));
  }
});

const OWN = gql`query Own { viewer { reseller { id account { id balance version locked } } } }`;
const SPEND = gql`mutation Spend($input: TransferCreditsInput!) {
  transferCredits(input: $input) { ... on TransferCreditsPayload { from { id balance version locked } to { id balance version locked } } ... on Error { code } }
}`;
const LIVE = gql`subscription Live { balanceChanged { version account { id balance version locked } } }`;

test('Apollo’s cache shows a balance from a mutation’s payload or a subscription’s event without a refetch', async () => {
  const { client, socket } = connect(api.client.origin, demo.ana.token);
  expect(client).toBeInstanceOf(ApolloClient);
  const seen: unknown[] = [];
  client.watchQuery<{ viewer: { reseller: { account: { balance: number } } } }>({ query: OWN }).subscribe(({ data }) => {
    const balance = data?.viewer?.reseller?.account?.balance;
    if (balance !== undefined && balance !== seen.at(-1)) seen.push(balance);
  });
  await until(() => seen.length === 1);
  await client.mutate({ mutation: SPEND, variables: { input: { toResellerId: demo.bruno.id, amount: 2, idempotencyKey: 'apollo' } } });
  await until(() => seen.length === 2);

  const refused = await client.mutate({
    mutation: SPEND,
    variables: { input: { toResellerId: demo.bruno.id, amount: 1_000, idempotencyKey: 'too much' } },
  });
  expect(refused.data).toEqual({ transferCredits: { __typename: 'InsufficientCreditsError', code: 'INSUFFICIENT_CREDITS' } });

  const events: unknown[] = [];
  const live = client.subscribe({ query: LIVE }).subscribe(({ data }) => events.push(data));
  await until(() => events.length === 1);
  await api.client.transfer(demo.root.token, demo.ana.id, 30, 'from above');
  await until(() => seen.length === 3);
  expect(seen).toEqual([100, 98, 128]);
  live.unsubscribe();
  client.stop();
  await socket.dispose();
});

interface Resumed {
  readonly event: { readonly version: number };
}

const OWN_STATE = gql`query OwnState { viewer { reseller { id account { ...AccountState } } } } ${ACCOUNT_STATE}`;

const resumed = (stream: 'balanceChanged' | 'lockChanged'): TypedDocumentNode<Resumed> => gql`
  subscription { event: ${stream}(after: 0) { version account { ...AccountState } } } ${ACCOUNT_STATE}`;

test('resuming from an old version leaves Apollo’s cache at the newest state, unlike a plain cache', async () => {
  const panel = await plantPanel(api.client, demo.root, 'resumed@recipe.test', 12);
  const below = await plantPanel(api.client, panel, 'below@recipe.test', 10);
  // Version 3 locks, 4 unlocks, and 5 and 6 do neither.
  await api.client.transfer(panel.token, below.id, 2, 'to zero');
  for (const number of range(1, 3)) await api.client.transfer(demo.root.token, panel.id, 5, `from above ${number}`);
  const { client, socket } = connect(api.client.origin, panel.token);
  const plain = new ApolloClient({ cache: new InMemoryCache(), link: client.link });
  const shown = ({ cache }: ApolloClient) =>
    cache.readFragment({ id: cache.identify({ __typename: 'Account', id: panel.accountId }), fragment: ACCOUNT_STATE });
  for (const apollo of [client, plain]) {
    await apollo.query({ query: OWN_STATE });
    expect(shown(apollo)).toMatchObject({ version: 6, balance: 15 });
    for (const [stream, versions] of [
      ['balanceChanged', [1, 2, 3, 4, 5, 6]],
      ['lockChanged', [1, 3, 4]],
    ] as const) {
      const seen: number[] = [];
      const live = apollo.subscribe({ query: resumed(stream) }).subscribe(({ data }) => {
        if (!data) return;
        seen.push(data.event.version);
        const state = apollo === client ? { version: 6, balance: 15, locked: false } : { version: data.event.version };
        expect(shown(apollo)).toMatchObject(state);
      });
      await until(() => seen.length === versions.length);
      live.unsubscribe();
      expect(seen).toEqual(versions);
    }
  }
  expect(shown(client)).toMatchObject({ version: 6, balance: 15, locked: false, lockedSince: null, lowBalance: false });
  expect(shown(plain)).toMatchObject({ version: 4, balance: 5 });
  plain.stop();
  client.stop();
  await socket.dispose();
});

test('within one answer the newest version of an account wins, and an account without a version is written as it is', () => {
  const cache = new NewestAccounts();
  const fragments = gql`query Two { one { ...AccountState } two { ...AccountState } } ${ACCOUNT_STATE}`;
  const state = (version: number) => ({
    __typename: 'Account',
    id: 'a',
    version,
    balance: version * 10,
    locked: false,
    lockedSince: null,
    lowBalance: false,
  });
  const write = (one: object, two: object) => cache.writeQuery({ query: fragments, data: { one, two } });
  const balance = () => cache.readFragment<{ balance: number }>({ id: 'Account:a', fragment: ACCOUNT_STATE })?.balance;
  write(state(7), state(5));
  expect(balance()).toBe(70);
  write(state(6), state(8));
  expect(balance()).toBe(80);
  write(state(1), state(2));
  expect(balance()).toBe(80);
  cache.writeQuery({ query: gql`query One { one { id balance } }`, data: { one: { __typename: 'Account', id: 'a', balance: 3 } } });
  expect(balance()).toBe(3);
});

test('watchBalance gives every change once and in order through broken connections, and stops when the session ends', async () => {
  const errors = vi.spyOn(console, 'error').mockImplementation(() => {});
  const token = await api.client.signIn(demo.root.email);
  const { client, socket } = connect(wire.origin, token);
  const changes: { version: number; delta: number }[] = [];
  const stop = watchBalance(socket, (change) => changes.push(change));
  await until(() => changes.length === 1);
  const first = changes[0]?.version ?? 0;
  for (const round of range(1, 4)) {
    for (const number of range(1, 10)) await api.client.transfer(demo.root.token, demo.ana.id, 1, `recipe ${round} ${number}`);
    if (round < 4) wire.cut();
  }
  await until(() => (changes.at(-1)?.version ?? 0) >= first + 40);
  expect(versionsOf(changes)).toEqual(range(first, first + 40));
  expect(changes.map(({ delta }) => delta)).toEqual([0, ...Array.from({ length: 40 }, () => -1)]);

  const closed = new Promise<unknown>((resolve) => socket.on('closed', resolve));
  await api.client.data(token, 'mutation { signOut { ok } }');
  expect(await closed).toMatchObject({ code: 4403 });
  await until(() => errors.mock.calls.length > 0);
  errors.mockRestore();
  stop();
  client.stop();
  await socket.dispose();
});
