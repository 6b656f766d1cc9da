import { afterEach, beforeEach, expect, test } from 'vitest';
import { seedDemo } from '../../prisma/seed.ts';
import { type App, createApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import type { Ports } from '../../src/domain/ports.ts';
import { createLogger } from '../../src/kernel/log.ts';
import { ledgerHealth } from '../../src/ledger/health.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';

let database: TestDatabase;
let app: App;

beforeEach(async () => {
  database = await createDatabase();
  app = await createApp(readConfig({ DATABASE_URL: database.url }), database.url, createLogger('error'));
});

afterEach(async () => {
  await app.close();
  await database.drop();
});

/** Ports whose ledger stops answering after this many commands, like a process that is killed. */
function stoppingAfter(ports: Ports, commands: number): Ports {
  let left = commands;
  const { ledger } = ports;
  return {
    ...ports,
    ledger: {
      depth: 0,
      post: async (command) => {
        if (left-- <= 0) throw new Error('stopped');
        return ledger.post(command);
      },
      postAtomic: (all) => ledger.postAtomic(all),
      postEach: (all) => ledger.postEach(all),
    },
  };
}

async function balances(): Promise<unknown> {
  const rows = await app.ports.sql`
    SELECT email, balance, version FROM app_user u JOIN account a ON a.tenant_id = u.tenant_id AND a.id = u.reseller_id ORDER BY email`;
  return Object.fromEntries(rows.map(({ email, balance, version }) => [email, [balance, version]]));
}

const FINISHED = {
  'ana@demo.test': [100, 3],
  'bruno@demo.test': [10, 1],
  'caio@demo.test': [10, 1],
  'root@demo.test': [1000, 4],
  'root@other.test': [50, 1],
  'zero@demo.test': [0, 2],
};

test('a seed that is interrupted after any step is completed by the next, and a finished one changes nothing', async () => {
  let attempts = 0;
  // Each attempt replays the finished steps and does one more.
  for (let commands = 0; commands < 20; commands++, attempts++) {
    const stopped = await seedDemo(stoppingAfter(app.ports, commands)).then(
      () => false,
      () => true,
    );
    if (!stopped) break;
  }
  expect(attempts).toBe(9);
  expect(await balances()).toEqual(FINISHED);
  await seedDemo(app.ports);
  expect(await balances()).toEqual(FINISHED);
  expect(await ledgerHealth(app.ports.sql, null)).toMatchObject({ ok: true, issued: 1170, held: 1170, problems: [] });
});

test("a server without the tests' cheaper setting hashes passwords at full cost", async () => {
  await seedDemo(app.ports);
  const hashes = await app.ports.sql<{ cost: string }[]>`SELECT DISTINCT substr(password_hash, 1, 30) AS cost FROM app_user`;
  expect(hashes.map(({ cost }) => cost)).toEqual(['$argon2id$v=19$m=19456,t=2,p=1']);
});
