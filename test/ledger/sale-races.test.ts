import { hash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { closeReseller } from '../../src/domain/reseller/close-reseller.ts';
import { moveReseller } from '../../src/domain/reseller/move-reseller.ts';
import type { Acting } from '../../src/kernel/actor.ts';
import { Refusal } from '../../src/kernel/errors.ts';
import { uuidv7 } from '../../src/kernel/uuid.ts';
import type { BuyCredits, Command } from '../../src/ledger/command.ts';
import type { PostingQueue } from '../../src/ledger/posting/queue.ts';
import { readTables } from '../property/database-tables.ts';
import { expectSound, type Tables } from '../property/invariants.ts';
import { verdictOf } from '../property/verdicts.ts';
import { patiently } from '../support/until.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';
import { activation, chargeBack, order, payment, reclaim, wonDispute } from '../support/worlds/ledger-commands.ts';
import { expectPosted, LedgerWorld, type Panel, times } from '../support/worlds/ledger-world.ts';

/** Scenes for each pair, all at once and in one tenant. */
const SCENES = 4;
const ISSUED = 1_000;
const QUANTITY = 10;
/** Whichever comes first, the other may be refused because of it; any other answer is a bug. */
const ANSWERS = [
  ...['POSTED', 'REPLAYED', 'RECOVERED', 'DONE', 'INVALID_STATE', 'NOT_FOUND', 'NOT_DIRECT_CHILD', 'INSUFFICIENT_CREDITS'],
  ...['PANEL_LOCKED', 'PANEL_SUSPENDED', 'UNAUTHENTICATED'],
];

let database: TestDatabase;
let world: LedgerWorld;
/** A second queue, as another process has. */
let elsewhere: PostingQueue;

beforeAll(async () => {
  database = await createDatabase();
  world = await LedgerWorld.open(database.url);
  elsewhere = world.openQueue();
});

afterAll(async () => {
  await elsewhere?.close();
  await world?.close();
  await database?.drop();
});

/** A seller with a buyer below it, which has bought 10 and ordered 10 more. */
interface Scene {
  readonly root: Panel;
  readonly seller: Panel;
  readonly buyer: Panel;
  /** A panel below the buyer, where credits are passed on; a panel with a child cannot be closed. */
  readonly below: Panel | null;
  readonly other: Panel;
  readonly paid: BuyCredits;
  readonly ordered: BuyCredits;
}

type Deed = (scene: Scene, queue: PostingQueue) => Promise<string>;

const post = async (queue: PostingQueue, command: Command): Promise<string> => verdictOf(await queue.post(command));

async function outcome(call: () => Promise<unknown>): Promise<string> {
  try {
    await patiently(call);
    return 'DONE';
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}

function by(panel: Panel): Acting {
  const actor = {
    userId: panel.userId,
    tenantId: panel.tenantId,
    email: 'owner@races.test',
    role: 'OWNER' as const,
    sessionId: panel.userId,
    sessionExpiresAtMs: Number.MAX_SAFE_INTEGER,
    key: null,
    mustChangePassword: false,
    support: null,
    panel: { id: panel.id, path: 'stale.', depth: 0 },
  };
  return { actor, address: null };
}

const portsOf = (ledger: PostingQueue) => ({ ledger, sql: world.sql, announce: () => {} });

const closing = (of: 'buyer' | 'seller'): Deed => {
  return (scene, queue) => {
    const input = { resellerId: scene[of].id, idempotencyKey: `close ${scene[of].id}` };
    return outcome(() => closeReseller(portsOf(queue), by(scene.root), input, scene[of]));
  };
};

const ofPurchase = ({ purchaseId, scopeId: buyerId, sellerId }: BuyCredits) => ({ purchaseId, buyerId, sellerId });

/** Everything that may happen to the two sides of a sale. Each happens twice, as after a lost answer. */
const DEEDS: Readonly<Record<string, Deed>> = {
  'a charge-back': ({ paid }, queue) => post(queue, { ...chargeBack(paid), dispute: 'first' }),
  'a charge-back of a part by the seller': ({ paid, seller }, queue) => {
    const { actorId, roles, scopeId, scopeTenantId } = world.transfer(seller, seller, 1);
    const bySeller = { ...chargeBack(paid), actorId, roles, scopeId, scopeTenantId, by: 'SELLER' } as const;
    return post(queue, { ...bySeller, quantity: 4, key: 'part', hash: hash('sha256', 'part') });
  },
  'a dispute that is won': ({ paid }, queue) => post(queue, wonDispute(paid, 'first')),
  'a close of the buyer': closing('buyer'),
  'a close of the seller': closing('seller'),
  'a move of the buyer': ({ buyer, other, root }, queue) => outcome(() => moveReseller(portsOf(queue), by(root), buyer, other, false)),
  'a move of the seller': ({ other, root, seller }, queue) => outcome(() => moveReseller(portsOf(queue), by(root), seller, other, false)),
  'a transfer to the buyer': ({ buyer, seller }, queue) => post(queue, world.transfer(seller, buyer, 7, 'to the buyer')),
  'a transfer by the buyer': ({ below, buyer }, queue) => post(queue, world.transfer(buyer, below ?? buyer, 15, 'passed on')),
  'a spend of the buyer': ({ buyer }, queue) => post(queue, { ...activation(buyer, 12, 1), key: 'spent', hash: hash('sha256', 'spent') }),
  'a reclaim of the seller': ({ buyer, seller }, queue) =>
    post(queue, { ...reclaim(seller, buyer, 12), key: 'reclaimed', hash: hash('sha256', 'reclaimed') }),
  'a payment': ({ ordered }, queue) => post(queue, payment(ordered)),
  'a cancellation of the order': ({ buyer, ordered }, queue) => {
    const { actorId, roles, scopeId, scopeTenantId, tenantId } = world.transfer(buyer, buyer, 1);
    const asked = { actorId, roles, scopeId, scopeTenantId, tenantId, key: null, hash: null, auditId: uuidv7() };
    return post(queue, { ...asked, ...ofPurchase(ordered), kind: 'cancelPurchase' });
  },
};

async function setScene(root: Panel, names: readonly string[]): Promise<Scene> {
  const other = await world.child(root, 30);
  const seller = await world.child(root, 60);
  const buyer = await world.child(seller, 10);
  const below = names.includes('a transfer by the buyer') ? await world.child(buyer, 10) : null;
  const [paid, ordered] = [order(buyer, QUANTITY, seller), order(buyer, QUANTITY, seller)];
  for (const command of [paid, payment(paid), ordered]) expectPosted(await world.queue.post(command));
  return { root, seller, buyer, below, other, paid, ordered };
}

/** Does both deeds twice, from two processes, in any order. */
async function race(scene: Scene, names: readonly string[], turn: number): Promise<void> {
  const queues = turn % 2 === 0 ? [world.queue, elsewhere] : [elsewhere, world.queue];
  const deeds = turn % 4 < 2 ? names : names.toReversed();
  const answers = await Promise.all(
    [...deeds, ...deeds].map((name, at) => DEEDS[name]?.(scene, queues[at % 2 === turn % 3 ? 0 : 1] ?? elsewhere)),
  );
  for (const [at, answer] of answers.entries()) expect(ANSWERS, `${deeds[at % deeds.length]}: ${answer}`).toContain(answer);
}

/** Checks that nobody has credits for nothing, and that no money is lost. */
function expectSettled({ claims, purchases }: Tables, { ordered, paid }: Scene, names: readonly string[]): void {
  const status = (id: string) => purchases.find((one) => one.id === id)?.status;
  if (names.includes('a payment')) expect(['PAID', 'PAID_UNFUNDED']).toContain(status(ordered.purchaseId));
  if (names.includes('a cancellation of the order')) expect(status(ordered.purchaseId)).not.toBe('PENDING');
  const taken = claims.filter(({ purchaseId, reverses }) => purchaseId === paid.purchaseId && reverses === null);
  const won = names.includes('a dispute that is won');
  if (names.includes('a charge-back') && !won) {
    expect(status(paid.purchaseId)).toBe('CHARGED_BACK');
    expect(taken.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(QUANTITY);
  }
  // After a won dispute the taken credits came back, whichever message arrived first.
  if (names.includes('a charge-back') && won) expect(status(paid.purchaseId)).toBe('PAID');
}

const NAMES = Object.keys(DEEDS);

describe.each(NAMES)('R6, R28, R29: %s', (name) => {
  test('concurrent with each event of its buyer and seller, including itself, mints, burns and loses nothing', async () => {
    for (const second of NAMES.slice(NAMES.indexOf(name))) {
      const names = [name, second];
      const root = await world.root(ISSUED);
      await world.sql`UPDATE tenant SET purchase_source = 'PARENT', reclaim_allowed = true WHERE id = ${root.tenantId}`;
      const scenes = await Promise.all(times(SCENES, () => setScene(root, names)));
      await Promise.all(scenes.map((scene, turn) => race(scene, names, turn)));
      const tables = await readTables(world.sql, [root.tenantId]);
      expectSound(tables);
      expect(tables.accounts.reduce((sum, { balance, consumed, withdrawn }) => sum + balance + consumed + withdrawn, 0)).toBe(ISSUED);
      for (const scene of scenes) expectSettled(tables, scene, names);
      expect(await world.health(root.tenantId), names.join(' × ')).toMatchObject({ ok: true, problems: [] });
    }
  });
});
