/** Stores the results of a run, and writes RESULTS.md. */

import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { openSql } from '../src/db/sql.ts';
import { goalsTable, type Section } from './report.ts';

/** The machine's load when the run began, which other work causes; on a quiet machine it is zero. */
const [LOAD_BEFORE = Number.NaN] = loadavg();

/** A suite's latest result, and where and how it was measured. */
interface Kept {
  readonly section: Section;
  readonly ran: string;
  readonly order: number;
}

const FOLDER = new URL('results/', import.meta.url);
const DOCUMENT = new URL('RESULTS.md', import.meta.url);
const ORDER = [
  'transfers',
  'customers',
  'sockets',
  'socket-memory',
  'reads',
  'open-loop',
  'growth',
  'access',
  'imports',
  'imports-large',
  'reminders',
  'processes',
];
const GIB = 2 ** 30;

/** Stores the sections of a run, and writes RESULTS.md from all stored sections. */
export async function keepResults(sections: readonly Section[], url: string): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  const ran = await circumstances(url);
  for (const section of sections) {
    const kept: Kept = { section, ran, order: ORDER.indexOf(section.id) };
    await writeFile(new URL(`${section.id}.jsonl`, FOLDER), `${JSON.stringify(kept)}\n`);
  }
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.jsonl'));
  const all = await Promise.all(names.map(async (name): Promise<Kept> => JSON.parse(await readFile(new URL(name, FOLDER), 'utf8'))));
  all.sort((a, b) => a.order - b.order);
  await writeFile(DOCUMENT, documentOf(all));
}

function documentOf(all: readonly Kept[]): string {
  const outcomes = all.flatMap(({ section }) => section.outcomes);
  const parts = [
    '# What the benchmark measured',
    'Written by `npm run bench`; do not edit. All contestants ran in the same run, on the same embedded Postgres with durable settings, one cell after another, round after round.',
    'A ratio is the median over the rounds of the ratio within each; the spread is its lowest and highest. Where a peer can do the work in several ways, the fastest counts. Transfers are counted in the database afterwards. Deliveries are counted by the clients, which check that none is missing.',
    'Each server, the HTTP client, the socket clients and Postgres are separate processes on the same cores, so a client or a Postgres that uses much CPU slows every contestant. Posting without HTTP is called within its own process. Node µs is the CPU time of the serving process; Postgres µs is that of all Postgres processes.',
    '## Goals',
    goalsTable(outcomes),
    ...all.flatMap(({ section, ran }) => [`## ${section.title}`, section.text, `_${ran}_`]),
  ];
  return `${parts.join('\n\n')}\n`;
}

async function circumstances(url: string): Promise<string> {
  const sql = openSql(url, { name: 'bench', max: 1, role: null });
  const [row] = await sql`SHOW server_version`;
  await sql.end();
  const [cpu] = cpus();
  const machine = `${cpus().length} × ${cpu?.model ?? 'unknown'}, ${Math.round(totalmem() / GIB)} GiB, ${type()} ${release()}, load ${LOAD_BEFORE.toFixed(1)} before the run`;
  const command = ['npm run bench --', ...process.argv.slice(2).map((word) => (word.includes('/') ? '<folder>' : word))].join(' ');
  return `${new Date().toISOString().slice(0, 10)}, ${machine}, Node ${process.versions.node}, PostgreSQL ${row?.server_version}, \`${command}\``;
}
