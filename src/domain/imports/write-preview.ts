/** Makes the preview of an import: reads its file into rows and problems, and changes nothing else (R55). */

import type { Transaction } from '../../db/sql.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import { newAccess } from '../access/credentials.ts';
import { createPause } from '../pause.ts';
import type { Ports } from '../ports.ts';
import { transact } from '../transact.ts';
import { checkPreview } from './check-preview.ts';
import { MAX_PROBLEMS, SAMPLE_CHARACTERS, WRITTEN_ROWS } from './limits.ts';
import { type Column, columnsOf, type Kind, kindOf } from './reading/columns.ts';
import { clockOf } from './reading/dates.ts';
import { decoded, type Separator, separatorOf } from './reading/decode.ts';
import { type ImportedRow, type Problem, type RowReading, readRow } from './reading/read-row.ts';
import { recordsOf, UnreadableFile } from './reading/records.ts';
import type { Used } from './settings.ts';
import { fail, hold, LEASE_MS, storeProgress, type Taken } from './taken.ts';
import { chunkContext } from './upload-import.ts';

type PreviewPorts = Pick<Ports, 'ledger' | 'sql' | 'topology' | 'secrets'>;

/** The progress when the file is read. The rest is for the checks of its rows. */
const READING_PERCENT = 80;

/** Ends with the import PREVIEWED, or FAILED with a problem that says why. `notify` notifies subscribers of a change. Throws LostLease. */
export async function writePreview(ports: PreviewPorts, taken: Taken, notify: () => void, signal: AbortSignal): Promise<void> {
  await clear(ports, taken);
  try {
    const writer = new PreviewWriter(ports, taken, notify);
    const reading = await writer.read(signal);
    await transact(ports, async (tx) => {
      await checkPreview(tx, taken, { ...reading, problems: writer.problems }, ports.topology);
      return {};
    });
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    await transact(ports, async (tx) => {
      await hold(tx, taken, LEASE_MS);
      await fail(tx, taken, error.line, error.message);
      return {};
    });
  }
  notify();
}

/** Deletes the rows and problems of an earlier attempt. */
async function clear(ports: PreviewPorts, taken: Taken): Promise<void> {
  const { id, tenantId } = taken;
  // A distributed database needs the tenant in the outer statement. With it, a single database would read all rows of the import for
  // each batch.
  const own = (tx: Transaction) => (ports.topology === 'single' ? tx`` : tx`tenant_id = ${tenantId} AND`);
  for (let left = true; left; ) {
    ({ left } = await transact(ports, async (tx) => {
      await hold(tx, taken, LEASE_MS);
      const rows = await tx`
        DELETE FROM import_row WHERE ${own(tx)} (tenant_id, import_id, line) IN (
          SELECT tenant_id, import_id, line FROM import_row WHERE tenant_id = ${tenantId} AND import_id = ${id} LIMIT ${10 * WRITTEN_ROWS})`;
      const problems = await tx`
        DELETE FROM import_problem WHERE ${own(tx)} (tenant_id, import_id, line, id) IN (
          SELECT tenant_id, import_id, line, id FROM import_problem WHERE tenant_id = ${tenantId} AND import_id = ${id} LIMIT ${10 * WRITTEN_ROWS})`;
      return { left: rows.count + problems.count > 0 };
    }));
  }
}

class PreviewWriter {
  readonly #ports: PreviewPorts;
  readonly #taken: Taken;
  readonly #notify: () => void;
  #rows: ImportedRow[] = [];
  #problems: Problem[] = [];
  #count = 0;
  #readBytes = 0;
  /** The number of problems written so far. */
  problems = 0;

  constructor(ports: PreviewPorts, taken: Taken, notify: () => void) {
    this.#ports = ports;
    this.#taken = taken;
    this.#notify = notify;
  }

  async read(signal: AbortSignal): Promise<{ readonly columns: readonly Column[]; readonly rows: number }> {
    const { settings, used } = this.#taken;
    const encoding = settings.encoding ?? used.encoding;
    const text = await withSample(decoded(this.#chunks(), encoding));
    const separator = settings.separator ?? separatorOf(text.sample);
    let reading: RowReading | null = null;
    const pause = createPause(this.#ports, signal);
    for await (const record of recordsOf(text.all, separator)) {
      signal.throwIfAborted();
      if (reading === null) {
        reading = await this.#readingOf(record.values, separator);
        continue;
      }
      this.#take(readRow(record, reading), record.line);
      if (this.#rows.length + this.#problems.length < WRITTEN_ROWS) continue;
      await this.#write();
      await pause();
    }
    if (reading === null) throw new UnreadableFile(1, 'The file has no line except empty ones.');
    await this.#write();
    if (this.#count === 0) throw new UnreadableFile(1, 'The file has its heading but no row below it.');
    return { columns: reading.columns, rows: this.#count };
  }

  async #readingOf(headings: readonly string[], separator: Separator): Promise<RowReading> {
    const { settings, tenantId } = this.#taken;
    const assigned = new Map(settings.columns.map(({ field, heading }) => [heading, field] as const));
    const columns = columnsOf(
      headings.map((heading) => heading.trim()),
      assigned,
    );
    await this.#tellColumns(columns, separator);
    const kind = kindOf(columns);
    if ('failure' in kind) throw new UnreadableFile(1, kind.failure);
    const [moment] = await this.#ports.sql<{ now: Date }[]>`SELECT clock_timestamp() AS now`;
    const nowMs = moment?.now.getTime() ?? 0;
    return {
      columns,
      kind: kind.kind satisfies Kind | null,
      clock: clockOf(settings.timeZone),
      nowMs,
      loginDomain: `${tenantId.slice(-12)}.invalid`,
    };
  }

  /** Stores the columns at once, so that a person can assign fields to them even if the file cannot be read. */
  async #tellColumns(columns: readonly Column[], separator: Separator): Promise<void> {
    const { id, settings, tenantId, used } = this.#taken;
    const found: Used = { separator, encoding: settings.encoding ?? used.encoding, columns };
    await transact(this.#ports, async (tx) => {
      await hold(tx, this.#taken, LEASE_MS);
      await tx`UPDATE import SET used = ${JSON.stringify(found)}::text::jsonb WHERE tenant_id = ${tenantId} AND id = ${id}`;
      return {};
    });
  }

  #take(read: ImportedRow | readonly Problem[] | null, line: number): void {
    if (read === null) return;
    this.#count += 1;
    if ('externalId' in read) this.#rows.push(read);
    else this.#problems.push(...(read.length > 0 ? read : [{ line, column: null, message: 'cannot be read.' }]));
  }

  async #write(): Promise<void> {
    const rows = this.#rows.map((row) => this.#stored(row));
    const problems = this.#problems.slice(0, Math.max(0, MAX_PROBLEMS - this.problems));
    const { id, tenantId } = this.#taken;
    await transact(this.#ports, async (tx) => {
      await hold(tx, this.#taken, LEASE_MS);
      await tx`
        INSERT INTO import_row (tenant_id, import_id, line, kind, subject_id, external_id, is_given, name, login, email, parent, credits,
          expires_at, screens, later_spans, next_screens, standing, contact, notes, access, is_root)
        SELECT ${tenantId}, ${id}, line, kind, "subjectId", "externalId", "isGiven", name, login, email, parent, credits,
          to_timestamp("expiresAtMs"::double precision / 1000), screens, "laterSpans", "nextScreens", standing, contact, notes, access,
          coalesce("isRoot", false)
        FROM jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) AS r (line integer, kind text, "subjectId" uuid, "externalId" text,
          "isGiven" boolean, name text, login text, email text, parent text, credits bigint, "expiresAtMs" bigint, screens smallint,
          "laterSpans" jsonb, "nextScreens" smallint, standing text, contact text, notes text, access jsonb, "isRoot" boolean)`;
      await tx`
        INSERT INTO import_problem (tenant_id, import_id, line, column_name, message)
        SELECT ${tenantId}, ${id}, line, "column", message
        FROM jsonb_to_recordset(${JSON.stringify(problems)}::text::jsonb) AS r (line integer, "column" text, message text)`;
      await storeProgress(tx, this.#taken, (READING_PERCENT * this.#readBytes) / this.#taken.bytes, this.#count);
      return {};
    });
    this.problems += problems.length;
    this.#rows = [];
    this.#problems = [];
    this.#notify();
  }

  /** The row with its future id, to which its sealed secret is bound. */
  #stored(row: ImportedRow): object {
    const subjectId = uuidv7();
    if (row.kind === 'RESELLER') return { ...row, subjectId };
    const { secret, ...rest } = row;
    const access = newAccess(this.#ports.secrets, { tenantId: this.#taken.tenantId, id: subjectId }, { login: row.login, secret });
    return { ...rest, subjectId, access };
  }

  async *#chunks(): AsyncGenerator<Buffer> {
    const { id, tenantId } = this.#taken;
    for (let position = 0; ; position += 1) {
      const [chunk] = await this.#ports.sql<{ body: string }[]>`
        SELECT body FROM import_chunk WHERE tenant_id = ${tenantId} AND import_id = ${id} AND position = ${position}`;
      if (!chunk) return;
      const bytes = Buffer.from(this.#ports.secrets.open(chunk.body, chunkContext(this.#taken, position)), 'latin1');
      this.#readBytes += bytes.length;
      yield bytes;
    }
  }
}

/** Returns a sample of the beginning of the text, and the whole text. */
async function withSample(text: AsyncGenerator<string>): Promise<{ readonly sample: string; readonly all: AsyncGenerator<string> }> {
  const begun: string[] = [];
  let characters = 0;
  while (characters < SAMPLE_CHARACTERS) {
    const next = await text.next();
    if (next.done) break;
    begun.push(next.value);
    characters += next.value.length;
  }
  async function* all(): AsyncGenerator<string> {
    yield* begun;
    yield* text;
  }
  return { sample: begun.join(''), all: all() };
}
