import { randomInt } from 'node:crypto';
import { expect, test } from 'vitest';
import { schema } from '../../schema/index.ts';
import { PASSWORD, PLATFORM_EMAIL } from '../support/clients/api.ts';
import { startProcess } from '../support/processes/processes.ts';
import { createDatabase } from '../support/worlds/database.ts';
import { fuzz } from './fuzz/fuzzer.ts';
import { HEALTHY, healthOf, LedgerReader, SOUND } from './ledger-reader.ts';

/** `npm run fuzz -- --minutes 10` runs longer. */
const DOCUMENTS = 250;

test('documents generated from the schema, valid or not, by every way in, cause no internal error and mint no credit', async () => {
  const seed = randomInt(2 ** 31);
  const database = await createDatabase();
  await using server = await startProcess(database.url, { TRUST_PROXY: '1', SECRETS_KEY: Buffer.alloc(32, 'fuzz').toString('base64') });
  const found = await fuzz({
    ...{ schema, origin: server.client.origin, platformEmail: PLATFORM_EMAIL, platformPassword: PASSWORD },
    ...{ seed, forMs: 0, atLeast: DOCUMENTS, workers: 4 },
  });
  expect(found.failures, `seed ${seed}\n${found.failures.join('\n\n')}\n${server.output.join('\n')}`).toEqual([]);
  // Some documents succeeded.
  expect(found.codes.none, `seed ${seed}`).toBeGreaterThan(0);
  const platform = await server.client.signIn(PLATFORM_EMAIL);
  expect(await healthOf(server.client, platform)).toEqual(HEALTHY);
  await using ledger = LedgerReader.open(database.url);
  expect(await ledger.sums()).toEqual(SOUND);
});
