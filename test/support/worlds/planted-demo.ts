/** The demo tree in a database of a test file's own, cloned from one where the first worker of the run planted it. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';
import { type Api, type ApiOptions, startApi } from '../clients/api.ts';
import { closedAtEnd } from '../leftovers.ts';
import { oncePerRun } from '../once-per-run.ts';
import { createDatabase, type TestDatabase } from './database.ts';
import { type Demo, plantDemo } from './demo.ts';
import { cloneDatabase, demoTemplateOf, dropDatabase, nameOf } from './given-server.ts';

export interface DemoDatabase extends TestDatabase {
  /** Its ids and tokens are those of every clone. */
  readonly demo: Demo;
}

/** Starts the server on a database that has the demo tree. The end of the test file drops the database. */
export async function startDemo(options: Omit<ApiOptions, 'databaseUrl'> = {}): Promise<{ readonly api: Api; readonly demo: Demo }> {
  const { demo, url } = await createDemoDatabase();
  return { api: await startApi({ ...options, databaseUrl: url }), demo };
}

/** Creates a database that has the demo tree, made up to a whole run ago. The end of the test file drops it, too. */
export async function createDemoDatabase(): Promise<DemoDatabase> {
  const { database, demo } = inject('topology') === 'citus' ? await plantedAlone() : await cloned();
  return { url: database.url, drop: closedAtEnd(database.drop), demo };
}

async function cloned() {
  const template = demoTemplateOf(inject('templateUrls'));
  const kept = join(inject('runFolder'), 'demo.json');
  await oncePerRun('demo', async () => {
    const servers = inject('templateUrls');
    const name = nameOf(template);
    // A worker that failed may have left it.
    await dropDatabase(servers, name);
    await writeFile(kept, JSON.stringify(await plantedIn(await cloneDatabase(servers, name))));
  });
  const demo: Demo = JSON.parse(await readFile(kept, 'utf8'));
  return { database: await createDatabase([template]), demo };
}

/** On every node of a cluster the template has connections of its own, so nothing but migrations is cloned there. */
async function plantedAlone() {
  const database = await createDatabase();
  return { database, demo: await plantedIn(database.url) };
}

/** The server is closed when this answers: a template may have no connections. */
async function plantedIn(databaseUrl: string): Promise<Demo> {
  await using api = await startApi({ databaseUrl });
  return await plantDemo(api.client);
}
