import assert from 'node:assert/strict';
import fc from 'fast-check';
import { uuidv7 } from 'uuidv7';
import { expect, test } from 'vitest';
import { participants } from '../../src/ledger/decide.ts';
import type { ItemResult } from '../../src/ledger/post.ts';
import { Drafter, type Meddling, type Step, step } from './drafts.ts';
import { expectSound } from './invariants.ts';
import { MemoryLedger } from './memory-ledger.ts';
import { Model } from './model.ts';
import { expected, type MadeItem, makeItem, meddleInModel, verdictOf, verdictsOfRefused } from './verdicts.ts';

const RUNS = 2_000;

/** Every word that can be the answer: a property that never met one of them would prove nothing of it. */
const WORDS = [
  ...['POSTED', 'REPLAYED', 'RECOVERED', 'WAITING', 'UNAUTHENTICATED', 'FORBIDDEN', 'IDEMPOTENCY_CONFLICT', 'PANEL_SUSPENDED'],
  ...['PANEL_LOCKED', 'NOT_FOUND', 'NOT_DIRECT_CHILD', 'INVALID_STATE', 'ALREADY_EXISTS', 'INSUFFICIENT_CREDITS'],
];

class Run {
  readonly #model: Model;
  readonly #ledger: MemoryLedger;
  readonly #drafter: Drafter;
  readonly #seen: Map<string, number>;

  constructor(seen: Map<string, number>) {
    const platformUserId = uuidv7();
    this.#model = new Model(platformUserId);
    this.#ledger = new MemoryLedger(platformUserId);
    this.#drafter = new Drafter(this.#model);
    this.#seen = seen;
  }

  take(one: Step): void {
    if (one.type === 'meddling') this.#meddle(one.meddling);
    else this.#post(one);
  }

  #post(one: Extract<Step, { type: 'batch' }>): void {
    this.#ledger.nowMs += one.clockMs;
    const { panels } = this.#model;
    const held = new Set(one.held.flatMap((index) => panels[index % Math.max(1, panels.length)]?.id ?? []));
    const items = one.items.map((item) => makeItem(this.#drafter, item));
    const results = this.#ledger.post(
      items.map(({ commands, mode }) => ({ commands, atomic: mode === 'atomic' })),
      held,
    );
    for (const [index, item] of items.entries()) this.#compare(item, results[index], held);
    expectSound(this.#ledger.tables());
    this.#compareAccounts();
  }

  #compare(item: MadeItem, result: ItemResult | undefined, held: ReadonlySet<string>): void {
    const blocked = item.commands.some((command) => {
      const { fromId, toId } = participants(command);
      return [fromId, toId].some((id) => id !== null && held.has(id) && this.#model.panel(id)?.tenantId === command.tenantId);
    });
    if (blocked) {
      assert.equal(result?.status, 'waiting');
      this.#count(['WAITING']);
      return;
    }
    const said = expected(this.#model, item);
    this.#count(said);
    if (result?.status === 'decided') assert.deepEqual(result.outcomes.map(verdictOf), said);
    else if (result?.status === 'batch refused') assert.deepEqual(verdictsOfRefused(result.refusal, said), said);
    else assert.fail(`answered ${result?.status}`);
  }

  #compareAccounts(): void {
    const accounts = new Map(this.#ledger.tables().accounts.map((account) => [account.id, account]));
    assert.equal(accounts.size, this.#model.panels.length);
    for (const { id, tenantId, balance, version } of this.#model.panels) {
      const account = accounts.get(id);
      assert.deepEqual([account?.tenantId, account?.balance, account?.version], [tenantId, balance, version]);
    }
  }

  #meddle(meddling: Meddling): void {
    const panel = meddleInModel(this.#model, meddling);
    const user = panel && this.#model.user(panel.userId);
    if (!panel || !user) return;
    this.#ledger.meddle(panel, { closed: panel.closed, role: user.role, disabled: user.disabled }, (id) => this.#model.isSuspended(id));
  }

  #count(words: readonly string[]): void {
    for (const word of words) this.#seen.set(word, (this.#seen.get(word) ?? 0) + 1);
  }
}

test('for any sequence of commands every answer is the first that applies in the order of R35, and the books are sound after every step', () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) => {
      const run = new Run(seen);
      for (const one of steps) run.take(one);
    }),
    { numRuns: RUNS },
  );
  for (const word of WORDS) expect(seen.get(word) ?? 0, word).toBeGreaterThan(20);
});
