/** Injects a fault, and checks afterwards that nothing was lost, doubled or missed. */

import { PATIENCE_MS, until } from '../support/until.ts';
import type { Counts } from './callers.ts';
import type { Ends } from './ends.ts';
import type { Fault, Lasts } from './faults.ts';
import type { Usage } from './fleet.ts';
import { transfer } from './operations.ts';
import type { Receivers } from './receivers.ts';
import type { Scene } from './scene.ts';
import { FEED } from './watchers.ts';

const RECOVERS_MS = PATIENCE_MS;
const CATCHES_UP_MS = PATIENCE_MS;
const WARM_UP_ROUNDS = 3;
/** Extra descriptors that are allowed, such as ports of sockets that are closing. */
const DESCRIPTORS_MORE = 60;
/** The allowed growth of memory: compiled code and caches are added to the start value. */
const MEMORY_TIMES = 1.5;

/** The measured effect of one fault. */
export interface Finding {
  readonly fault: string;
  readonly acknowledged: number;
  readonly triedAgain: number;
  readonly lost: number;
  readonly doubled: number;
  readonly versionsMissed: number;
  readonly versionsDoubled: number;
  readonly reconnects: number;
  /** From the end of the fault until every caller got an acknowledgment. */
  readonly servedAfterMs: number;
  readonly usage: Usage;
  readonly webhooks: WebhookCounts;
  /** Ends of terms during all faults so far. */
  readonly ends: Ends;
  /** Problems as text; empty if there are none. */
  readonly problems: readonly string[];
}

/** Counts of the receivers' messages. */
interface WebhookCounts {
  readonly accepted: number;
  /** Repetitions of an accepted message. */
  readonly again: number;
  readonly lost: number;
  /** Messages under a second id, or for a version that never existed. */
  readonly doubled: number;
  readonly disordered: number;
}

/** Rows that existed before any caller started. */
export interface Founding {
  readonly transfers: ReadonlySet<string>;
  readonly usage: Usage;
}

/** Taken after some load, so that everything a server opens once is already open. */
export async function founding(scene: Scene): Promise<Founding> {
  const transfers = await rowsOf(scene, 'transfer');
  scene.callers.start();
  await acknowledges(scene, WARM_UP_ROUNDS);
  await scene.callers.pause();
  return { transfers, usage: await scene.fleet.settledUsage() };
}

/** Runs load before, during and after the fault, waits until it is quiet, and compares everything. */
export async function tryFault(scene: Scene, fault: Fault, before: Founding, lasts: Lasts): Promise<Finding> {
  const { callers, receivers, sightings } = scene;
  const counts: Counts = { ...callers.counts };
  const seen = { ...sightings };
  const problems: string[] = [];
  const wrongBefore = callers.wrong.length;
  const toldWrong = receivers.wrong.length;
  const webhooksBefore = webhookCountsOf(receivers, 0);
  callers.start();
  await acknowledges(scene, 1);
  await scene.ending.begin(scene);
  await fault.inject(scene, lasts).catch((error: unknown) => problems.push(`the fault could not be injected: ${error}`));
  const endedMs = performance.now();
  problems.push(...(await scene.fleet.raise()));
  await acknowledges(scene, 2).catch(() => problems.push(`does not serve ${RECOVERS_MS} ms after the fault`));
  const servedAfterMs = performance.now() - endedMs;
  await callers.pause().catch(() => problems.push('an operation was never answered'));
  problems.push(...callers.wrong.slice(wrongBefore));
  const ends = await scene.ending.ends(scene);
  problems.push(...(await behind(scene)));
  problems.push(...(await gaps(scene)));
  const webhooksThen = webhookCountsOf(receivers, await receivers.missing());
  problems.push(...receivers.wrong.slice(toldWrong));
  const rows = await compare(scene, before);
  const health = await scene.world.ledger.health();
  problems.push(...health.problems);
  const usage = await settledUsage(scene, before.usage);
  if (usage.descriptors > before.usage.descriptors + DESCRIPTORS_MORE) problems.push(`${usage.descriptors} descriptors are open`);
  if (usage.residentMb > before.usage.residentMb * MEMORY_TIMES) problems.push(`${usage.residentMb} MB are still held`);
  return {
    fault: fault.name,
    acknowledged: callers.counts.acknowledged - counts.acknowledged,
    triedAgain: sumOf(callers.counts) - sumOf(counts),
    ...rows,
    versionsMissed: sightings.missed - seen.missed,
    versionsDoubled: sightings.doubled - seen.doubled,
    reconnects: sightings.reconnects - seen.reconnects,
    servedAfterMs,
    usage,
    webhooks: {
      accepted: webhooksThen.accepted - webhooksBefore.accepted,
      again: webhooksThen.again - webhooksBefore.again,
      lost: webhooksThen.lost,
      doubled: webhooksThen.doubled - webhooksBefore.doubled,
      disordered: webhooksThen.disordered - webhooksBefore.disordered,
    },
    ends,
    problems,
  };
}

export function isLoss({ ends, lost, doubled, versionsMissed, versionsDoubled, problems, webhooks }: Finding): boolean {
  const ofFeed = versionsMissed + versionsDoubled + ends.lost + ends.doubled;
  return lost + doubled + ofFeed + webhooks.lost + webhooks.doubled + webhooks.disordered + problems.length > 0;
}

function webhookCountsOf({ accepted, again, disordered, doubled, unknown }: Receivers, lost: number): WebhookCounts {
  return { accepted, again, lost, doubled: doubled + unknown, disordered };
}

/** The numbers of the feed must begin at 1 and have no gaps. */
async function gaps({ stranger, world }: Scene): Promise<string[]> {
  const [feed] = await stranger<{ numbers: number; last: number }[]>`
    SELECT count(*)::integer AS numbers, coalesce(max(version), 0)::integer AS last FROM access_event WHERE tenant_id = ${world.root.tenantId}`;
  return feed && feed.numbers !== feed.last ? [`the access feed has ${feed.numbers} numbers up to ${feed.last}`] : [];
}

function sumOf({ unanswered, overloaded, failed }: Counts): number {
  return unanswered + overloaded + failed;
}

/** Resolves when `rounds` times as many more operations are acknowledged as there are callers. */
async function acknowledges({ callers, world }: Scene, rounds: number): Promise<void> {
  const goal = callers.counts.acknowledged + rounds * world.payers.length;
  await until(() => callers.counts.acknowledged >= goal, RECOVERS_MS);
}

/** Resolves when as many calls as there are callers were answered in any way, or were given up. */
export async function answered({ callers, world }: Scene): Promise<void> {
  const calls = () => callers.counts.acknowledged + sumOf(callers.counts);
  const goal = calls() + world.payers.length;
  await until(() => calls() >= goal, RECOVERS_MS);
}

/** Checks that every acknowledged row exists, and no other row. */
async function compare(scene: Scene, before: Founding): Promise<{ lost: number; doubled: number }> {
  const { callers } = scene;
  const counts = { lost: 0, doubled: 0 };
  const add = (there: ReadonlySet<string>, acknowledged: ReadonlySet<string>) => {
    for (const id of acknowledged) if (!there.has(id)) counts.lost += 1;
    for (const id of there) if (!acknowledged.has(id) && !before.transfers.has(id)) counts.doubled += 1;
  };
  add(await rowsOf(scene, 'transfer'), callers.transfers);
  add(await rowsOf(scene, 'customer'), callers.customers);
  add(await rowsOf(scene, 'purchase'), callers.purchases);
  return counts;
}

async function rowsOf({ stranger }: Scene, table: 'transfer' | 'customer' | 'purchase'): Promise<Set<string>> {
  const rows = await stranger<{ id: string }[]>`SELECT id FROM ${stranger(table)}`;
  return new Set(rows.map(({ id }) => id));
}

/** Describes the watchers that have not seen the newest versions. */
async function behind(scene: Scene): Promise<string[]> {
  // A branch subscription sends changes, not the current state. This transfer lets late watchers see every account.
  await Promise.all(scene.world.payers.map(({ token, childId }) => scene.callers.settle(transfer(token, childId))));
  const accounts = await scene.stranger<{ id: string; version: number }[]>`SELECT id, version FROM account`;
  const versions = new Map(accounts.map(({ id, version }) => [id, version]));
  const problems: string[] = [];
  for (const [kind, watchers] of [
    ['balanceChanged', scene.balances],
    ['branchChanged', scene.branches],
  ] as const) {
    const late = () => watchers.filter(({ seen }) => seen.size === 0 || [...seen].some(([id, version]) => version !== versions.get(id)));
    await until(() => late().length === 0, CATCHES_UP_MS).catch(() => {
      const [one] = late();
      const [id = '', version] = [...(one?.seen ?? [])].find(([account, seen]) => seen !== versions.get(account)) ?? [];
      problems.push(`${late().length} subscribers of ${kind} lag; one at ${version} of ${versions.get(id)}`);
    });
  }
  // The feed with its end: an event gets its number within about a second after the commit.
  const end = async () => {
    const [feed] = await scene.stranger<{ version: number; waiting: number }[]>`
      SELECT coalesce(max(version), 0) AS version, (SELECT count(*) FROM access_waiting) + (SELECT count(*) FROM access_posted) AS waiting FROM access_event
      WHERE tenant_id = ${scene.world.root.tenantId}`;
    return feed?.waiting === 0 ? feed.version : undefined;
  };
  const isThere = async () => {
    const version = await end();
    return version !== undefined && scene.services.every(({ seen }) => (seen.get(FEED) ?? 0) === version);
  };
  await until(isThere, CATCHES_UP_MS).catch(() => problems.push('subscribers of accessChanged lag, or its events have no numbers'));
  await until(async () => (await scene.receivers.missing()) === 0, CATCHES_UP_MS).catch(async () =>
    problems.push(`${await scene.receivers.missing()} webhooks were not delivered`),
  );
  return problems;
}

/** Waits until descriptors are closed again: a busy server closes them a little later. */
async function settledUsage({ fleet }: Scene, before: Usage): Promise<Usage> {
  const wanted = before.descriptors + DESCRIPTORS_MORE;
  await until(async () => (await fleet.usage()).descriptors <= wanted, CATCHES_UP_MS).catch(() => {});
  return fleet.settledUsage();
}
