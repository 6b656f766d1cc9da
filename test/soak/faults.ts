/** The faults that the soak injects. */

import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { openSql, type Sql } from '../../src/db/sql.ts';
import { hold, lockAccount } from '../fault/stranger.ts';
import { until } from '../support/until.ts';
import type { Manner } from './receivers.ts';
import type { Scene } from './scene.ts';

/** Longer than every time-out of the server, of which the longest is 20 s. */
const LONGER_THAN_ALL_MS = 25_000;
const SHORT_MS = 4_000;
const HELD_ACCOUNTS = 8;
const CUT_ONE_IN = 10;
const CUTTING_MS = 15_000;
const BETWEEN_LOCKS_MS = 20;
const SEGMENTS = 10;
const MAX_CONNECTIONS = 120;

/** Keeps a fault active for this many milliseconds, or until some event. */
export type Lasts = (ms: number) => Promise<unknown>;

/** A fault of the servers or of Postgres. It is over when `inject` resolves. */
export interface Fault {
  readonly name: string;
  inject(scene: Scene, lasts: Lasts): Promise<void>;
}

/** Makes Postgres raise this state in 30 % of the statements that write entries. */
async function raise(sql: Sql, sqlstate: string, lasts: Lasts): Promise<void> {
  await sql.unsafe(`CREATE OR REPLACE FUNCTION soak_raise() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF random() < 0.3 THEN RAISE EXCEPTION 'forced' USING ERRCODE = TG_ARGV[0]; END IF; RETURN NULL; END $$`);
  await sql.unsafe(`CREATE TRIGGER soak_raise BEFORE INSERT ON entry FOR EACH STATEMENT EXECUTE FUNCTION soak_raise('${sqlstate}')`);
  await lasts(SHORT_MS);
  await sql.unsafe('DROP TRIGGER soak_raise ON entry');
}

/** Locks two accounts at a time in the reverse of the ledger's order, so that Postgres must break deadlocks. */
async function lockBackwards({ world, stranger }: Scene, lasts: Lasts): Promise<void> {
  let isOver = false;
  const over = lasts(SHORT_MS).finally(() => {
    isOver = true;
  });
  while (!isOver) {
    const [first, second] = [world.root.id, world.payers[randomInt(world.payers.length)]?.panel.id ?? ''].sort().reverse();
    await stranger
      .begin(async (tx) => {
        await tx`SELECT FROM account WHERE tenant_id = ${world.root.tenantId} AND id = ${first ?? ''} FOR UPDATE`;
        await delay(BETWEEN_LOCKS_MS);
        await tx`SELECT FROM account WHERE tenant_id = ${world.root.tenantId} AND id = ${second ?? ''} FOR UPDATE`;
      })
      .catch(() => {});
  }
  await over;
}

/** Takes every connection that Postgres has, after ending the connections of one server. */
async function exhaust({ postgres, stranger }: Scene, lasts: Lasts): Promise<void> {
  const greedy: Sql[] = [];
  const take = async () => {
    const sql = openSql(postgres.url, { name: 'greedy', max: 1, role: null, parameters: { statement_timeout: '0' } });
    greedy.push(sql);
    return sql`SELECT 1`.then(
      () => true,
      () => false,
    );
  };
  let isFree = true;
  while (isFree && greedy.length < MAX_CONNECTIONS) isFree = await take();
  await stranger`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'revenda%' AND random() < 0.5`;
  await Promise.all(Array.from({ length: 20 }, take));
  await lasts(SHORT_MS);
  await Promise.all(greedy.map((sql) => sql.end({ timeout: 0 })));
}

/** Makes all webhook receivers behave like this for a while. */
function receiversWho(manner: Manner, lastsMs: number): Fault {
  return {
    name: `every receiver ${manner}`,
    async inject({ receivers }, lasts) {
      receivers.manner = manner;
      await lasts(lastsMs);
      receivers.manner = 'usual';
    },
  };
}

export const FAULTS: readonly Fault[] = [
  { name: 'none', inject: async (_scene, lasts) => void (await lasts(SHORT_MS)) },
  {
    name: 'a server killed, and started again',
    async inject({ fleet }, lasts) {
      const victim = randomInt(fleet.origins.length);
      await fleet.kill(victim);
      await lasts(randomInt(SHORT_MS));
      await fleet.restart(victim);
    },
  },
  {
    name: 'Postgres killed, and started at once',
    async inject({ postgres }) {
      await postgres.kill();
      await postgres.restart();
    },
  },
  {
    name: 'a server stopped for 25 s',
    async inject({ fleet }, lasts) {
      const victim = randomInt(fleet.origins.length);
      fleet.signal(victim, 'SIGSTOP');
      await lasts(LONGER_THAN_ALL_MS);
      fleet.signal(victim, 'SIGCONT');
    },
  },
  {
    name: 'Postgres stopped for 25 s',
    async inject({ postgres }, lasts) {
      const goOn = await postgres.freeze();
      await lasts(LONGER_THAN_ALL_MS);
      goOn();
    },
  },
  {
    name: 'connections cut in COMMIT',
    async inject({ proxy }, lasts) {
      let cuts = 0;
      proxy.atMoment = (moment) => {
        if (!moment.startsWith('commit') || randomInt(CUT_ONE_IN) > 0) return 'pass';
        cuts += 1;
        return 'cut';
      };
      try {
        await lasts(CUTTING_MS);
        await until(() => cuts > 0);
      } finally {
        proxy.atMoment = () => 'pass';
      }
    },
  },
  {
    name: 'accounts held by a stranger for 25 s',
    async inject({ stranger, world }, lasts) {
      const held = world.payers.slice(0, HELD_ACCOUNTS).map(({ panel }) => panel);
      const { release } = await hold(stranger, async (tx) => {
        for (const panel of held) await lockAccount(panel)(tx);
      });
      await lasts(LONGER_THAN_ALL_MS);
      await release();
    },
  },
  {
    name: 'a long transaction of a stranger',
    async inject({ stranger }, lasts) {
      const { release } = await hold(stranger, async (tx) => {
        await tx`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ`;
        await tx`SELECT count(*) FROM entry`;
      });
      await lasts(LONGER_THAN_ALL_MS);
      await release();
    },
  },
  { name: 'every connection of Postgres taken', inject: exhaust },
  {
    name: 'what reads locked by a stranger',
    async inject({ stranger }, lasts) {
      for (const table of ['customer', 'reseller', 'session']) {
        const { release } = await hold(stranger, (tx) => tx.unsafe(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`));
        await lasts(SHORT_MS / 2);
        await release();
      }
    },
  },
  {
    name: 'clocks moved by an hour, on and back',
    async inject({ fleet }, lasts) {
      // Each server's clock has another offset.
      fleet.signal(0, 'SIGWINCH');
      fleet.signal(1, 'SIGWINCH');
      fleet.signal(1, 'SIGWINCH');
      await lasts(SHORT_MS);
      fleet.signal(0, 'SIGWINCH');
      fleet.signal(0, 'SIGWINCH');
      fleet.signal(1, 'SIGWINCH');
    },
  },
  { name: '40001 forced', inject: ({ stranger }, lasts) => raise(stranger, '40001', lasts) },
  { name: '40P01 forced', inject: ({ stranger }, lasts) => raise(stranger, '40P01', lasts) },
  { name: 'deadlocks with a stranger', inject: lockBackwards },
  { name: '53100 (disk full) forced', inject: ({ stranger }, lasts) => raise(stranger, '53100', lasts) },
  {
    name: 'every receiver away for 25 s',
    async inject({ receivers }, lasts) {
      const comeBack = receivers.leave();
      await lasts(LONGER_THAN_ALL_MS);
      await comeBack();
    },
  },
  receiversWho('answers 500', SHORT_MS),
  receiversWho('answers slowly', LONGER_THAN_ALL_MS),
  receiversWho('answers 200 and closes', SHORT_MS),
  receiversWho('redirects', SHORT_MS),
];

/** The fault for a scene on a disk of its own. */
export const DISK_FULL: Fault = {
  name: 'the disk full, and freed',
  async inject({ disk, postgres, stranger }, lasts) {
    await disk?.fill();
    // Tables must grow and the log soon needs new segments. Then Postgres refuses to write, or ends.
    for (let segment = 0; segment < SEGMENTS; segment += 1) {
      await stranger`SELECT pg_switch_wal()`.catch(() => {});
      await lasts(LONGER_THAN_ALL_MS / SEGMENTS);
    }
    await disk?.free();
    // Restarts Postgres, as a supervisor would.
    if (!(await postgres.isAlive())) {
      await postgres.stop();
      await postgres.restart();
    }
  },
};
