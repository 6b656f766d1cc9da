import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { openSql } from '../src/db/sql.ts';
import { goalsTable, type Section } from './report.ts';

/** Of the machine when the run began: others' work, which a run on a quiet machine has none of. */
const [LOAD_BEFORE = Number.NaN] = loadavg();

/** What a suite said last, and where and how it ran. */
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

/** Keeps the sections of a run, and writes RESULTS.md from all that are kept. */
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
    'Written by `npm run bench`; do not edit. Every contestant ran in the same run, on the same embedded Postgres with durable settings, cell after cell and round after round.',
    'A ratio is the median over the rounds of the ratio within each; the spread is its lowest and highest. Of several ways to do the same, the best counts. Transfers are counted in the database afterwards, deliveries by the clients, which check that none is missing.',
    'Who shares what: each server, the HTTP client, the clients of the sockets and Postgres are processes of their own on the same cores, so what costs a client or Postgres much slows every contestant. Posting without HTTP is asked for in its own process. Node µs is the CPU of the serving process, Postgres µs that of all of Postgres.',
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
