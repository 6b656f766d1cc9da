/** A tenant that imports customers next to a tenant with callers. */

import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { openSql, type Sql } from '../src/db/sql.ts';
import { createPasswords } from '../src/domain/identity/passwords.ts';
import { commitImport } from '../src/domain/imports/commit-import.ts';
import { createImportWorker } from '../src/domain/imports/import-worker.ts';
import { uploadImport } from '../src/domain/imports/upload-import.ts';
import { type Acting, PLATFORM_TENANT_ID } from '../src/kernel/actor.ts';
import { createSecretBox } from '../src/kernel/secrets.ts';
import { uuidv7 } from '../src/kernel/uuid.ts';
import { type Callers, callersOf } from './callers.ts';
import { openQueue, plant, randomly } from './world.ts';

const PARENTS = 40;
const HEADING = 'login,password,name,expiry,connections,parent';
const PIECE_BYTES = 65_536;
const ROWS_A_PIECE = 300;
const DAY_MS = 86_400_000;

/** The two steps of an import. */
export type Step = 'preview' | 'commit';

/** A tenant that imports customers, and another tenant in which callers transfer credits through the same queue. */
export interface MovingWorld {
  /** Makes a list of this many customers who are in no other list. */
  list(lines: number): readonly string[];
  upload(list: readonly string[]): Promise<string>;
  /** Makes such a list in pieces, lazily, with a note of this many characters in each line. */
  lines(lines: number, noteCharacters: number): Iterable<Buffer>;
  uploadPieces(pieces: AsyncIterable<Buffer>): Promise<string>;
  /** Runs one step, and returns its duration in seconds. */
  take(step: Step, id: string): Promise<number>;
  /** Callers that transfer credits in the other tenant. */
  readonly callers: Callers;
  close(): Promise<void>;
}

export async function openMovingWorld(sql: Sql, url: string): Promise<MovingWorld> {
  const forest = await plant(url, 2);
  const [calling, moving] = forest.roots;
  if (!calling || !moving) throw new Error('two tenants were planted');
  await sql`ANALYZE`;
  const pick = randomly({ ...forest, edges: forest.edges.filter(({ from }) => from.tenantId === calling.tenantId) });
  const owners = new Set(forest.edges.flatMap(({ from }) => (from.tenantId === moving.tenantId ? [from.userId] : [])));
  const parents = [...owners].slice(0, PARENTS);
  const root = { tenantId: moving.tenantId, id: moving.tenantId };
  const queue = openQueue(url);
  const app = openSql(url, { name: 'bench imports', max: 10, role: 'revenda_app' });
  const secrets = createSecretBox([randomBytes(32)]);
  let look = () => {};
  const worker = createImportWorker({
    ports: { ledger: queue, sql: app, topology: 'single', secrets, passwords: createPasswords({ maxConcurrent: 1 }) },
    log: pino({ level: 'error' }, process.stderr),
    changed: () => look(),
  });
  worker.start();
  const acting = await platformActing(sql);
  let lists = 0;

  async function settled(id: string): Promise<string> {
    const [row] = await sql<{ status: string }[]>`SELECT status FROM import WHERE id = ${id}`;
    return row?.status ?? 'gone';
  }

  async function uploadPieces(given: AsyncIterable<Buffer>): Promise<string> {
    const upload = { settings: {}, source: 'bench', fileName: null, root };
    const { id } = await uploadImport({ sql: app, secrets, imports: { wake() {} } }, acting, upload, given);
    return id;
  }

  function rowOf(index: number): string {
    const end = new Date(Date.now() + 60 * DAY_MS).toISOString();
    return `u${lists}.${index},secret${index},Customer ${index},${end},${1 + (index % 3)},${parents[index % PARENTS]}@owner.test`;
  }

  return {
    callers: callersOf(queue, pick),
    list(lines) {
      lists += 1;
      return [`${HEADING}\n`, ...Array.from({ length: lines }, (_, index) => `${rowOf(index)}\n`)];
    },
    *lines(lines, noteCharacters) {
      lists += 1;
      const note = 'x'.repeat(noteCharacters);
      yield Buffer.from(`${HEADING},notes\n`);
      for (let from = 0; from < lines; from += ROWS_A_PIECE) {
        const rows = Array.from({ length: Math.min(ROWS_A_PIECE, lines - from) }, (_, index) => `${rowOf(from + index)},${note}\n`);
        yield Buffer.from(rows.join(''));
      }
    },
    upload: (list) => uploadPieces(pieces(list)),
    uploadPieces,
    async take(step, id) {
      const startedMs = performance.now();
      const { promise, resolve } = Promise.withResolvers<void>();
      const wanted = step === 'preview' ? 'PREVIEWED' : 'COMMITTED';
      look = () =>
        void settled(id).then((status) => {
          if (status === wanted || status === 'FAILED') resolve();
        });
      if (step === 'preview') worker.port.wake();
      else {
        const [row] = await sql<{ hash: string }[]>`SELECT hash FROM import WHERE id = ${id}`;
        const input = { importId: id, hash: row?.hash ?? '', mode: 'ALL', idempotencyKey: uuidv7() } as const;
        await commitImport({ sql: app, directory: null, imports: worker.port }, acting, input, { tenantId: root.tenantId, id });
      }
      await promise;
      if ((await settled(id)) !== wanted) throw new Error(`the ${step} failed`);
      return (performance.now() - startedMs) / 1000;
    },
    async close() {
      await worker.close();
      await queue.close();
      await app.end();
    },
  };
}

async function* pieces(list: readonly string[]): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(list.join(''));
  for (let from = 0; from < bytes.length; from += PIECE_BYTES) yield bytes.subarray(from, from + PIECE_BYTES);
}

async function platformActing(sql: Sql): Promise<Acting> {
  const [user] = await sql<{ id: string; email: string }[]>`SELECT id, email FROM app_user WHERE tenant_id = ${PLATFORM_TENANT_ID} LIMIT 1`;
  if (!user) throw new Error('the platform was planted');
  const signedIn = { sessionId: uuidv7(), sessionExpiresAtMs: Date.now() + DAY_MS, key: null, mustChangePassword: false, support: null };
  return {
    actor: { userId: user.id, tenantId: PLATFORM_TENANT_ID, email: user.email, role: 'PLATFORM', ...signedIn, panel: null },
    address: null,
  };
}
