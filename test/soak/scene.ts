/** Opens everything that a stage of the soak needs. */

import type { Sql } from '../../src/db/sql.ts';
import { CuttingProxy } from '../fault/cutting-proxy.ts';
import { openStranger } from '../fault/stranger.ts';
import { openPrivatePostgres, type PrivatePostgres } from '../support/processes/private-postgres.ts';
import { Callers } from './callers.ts';
import { CleanUp } from './clean-up.ts';
import type { Disk } from './disk.ts';
import { Ending } from './ends.ts';
import { Fleet } from './fleet.ts';
import { Receivers } from './receivers.ts';
import { Sightings, Watcher } from './watchers.ts';
import { plantWorld, setPrices, type World } from './world.ts';

const SERVERS = 3;
/** One socket in this many watches a branch. */
const BRANCH_ONE_IN = 20;
/** This many of them watch the whole tree, and see every change. */
const WHOLE_TREE = 8;
const OPENING_AT_ONCE = 100;
/** Watchers of the access feed. */
const SERVICES = 8;

export interface SceneOptions {
  readonly folder: string;
  readonly callers: number;
  readonly sockets: number;
  /** The time between two ends of terms. */
  readonly endsEveryMs: number;
  /** Null if the folder is on the machine's own disk. */
  readonly disk: Disk | null;
}

/** Three servers on one Postgres, callers and subscribers, and everything that faults act on. */
export interface Scene {
  readonly postgres: PrivatePostgres;
  readonly fleet: Fleet;
  /** The last server connects to Postgres through this proxy. */
  readonly proxy: CuttingProxy;
  readonly world: World;
  readonly callers: Callers;
  readonly balances: readonly Watcher[];
  readonly branches: readonly Watcher[];
  /** Watchers of the tenant's access feed. */
  readonly services: readonly Watcher[];
  readonly sightings: Sightings;
  /** Receivers of webhooks. */
  readonly receivers: Receivers;
  /** Customers whose terms end. */
  readonly ending: Ending;
  readonly disk: Disk | null;
  /** A client without time-outs, as superuser. */
  readonly stranger: Sql;
  /** Closes everything and returns the servers' logs. */
  close(): Promise<string>;
}

export async function openScene({ folder, callers: count, sockets, endsEveryMs, disk }: SceneOptions): Promise<Scene> {
  const cleanUp = new CleanUp();
  let logs = '';
  const close = async () => {
    await cleanUp.run();
    return logs;
  };
  try {
    const postgres = await openPrivatePostgres(folder, true);
    cleanUp.push(() => postgres.remove());
    const stranger = openStranger(postgres.url);
    cleanUp.push(() => stranger.end({ timeout: 0 }));
    const world = await plantWorld(postgres.url, count);
    cleanUp.push(() => world.ledger.close());
    const proxy = await CuttingProxy.open(postgres.url);
    cleanUp.push(() => proxy.close());
    const urls = Array.from({ length: SERVERS }, (_, index) => (index === SERVERS - 1 ? proxy.url : postgres.url));
    const fleet = await Fleet.open(urls);
    cleanUp.push(async () => {
      logs = await fleet.close();
    });
    await setPrices(world, fleet.origins[0] ?? '');
    const receivers = await Receivers.open(world, fleet.origins[0] ?? '', stranger);
    cleanUp.push(() => receivers.close());
    const callers = new Callers(world, fleet.origins);
    const sightings = new Sightings();
    const watchers = await openWatchers(world, fleet.origins, sockets, sightings);
    cleanUp.push(() => {
      for (const watcher of [...watchers.balances, ...watchers.branches, ...watchers.services]) watcher.close();
    });
    return {
      postgres,
      fleet,
      proxy,
      world,
      callers,
      ...watchers,
      sightings,
      receivers,
      ending: new Ending(endsEveryMs),
      disk,
      stranger,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openWatchers(world: World, origins: readonly string[], count: number, sightings: Sightings) {
  const balances: Watcher[] = [];
  const branches: Watcher[] = [];
  for (let index = 0; index < count; index += 1) {
    const kind = index % BRANCH_ONE_IN === 0 ? 'branch' : 'balance';
    const payer = world.payers[index % world.payers.length];
    const isWhole = kind === 'branch' && branches.length < WHOLE_TREE;
    const watcher = new Watcher(index, kind, isWhole || !payer ? world.rootToken : payer.token, origins, sightings);
    (kind === 'branch' ? branches : balances).push(watcher);
    if (index % OPENING_AT_ONCE === OPENING_AT_ONCE - 1) await Promise.all(balances.map(({ ready }) => ready));
  }
  const services = Array.from(
    { length: SERVICES },
    (_, index) => new Watcher(count + index, 'access', world.serviceToken, origins, sightings),
  );
  await Promise.all([...balances, ...branches, ...services].map(({ ready }) => ready));
  return { balances, branches, services };
}
