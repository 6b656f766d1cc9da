/** A process with a queue of its own, like a server: posts the commands it receives, and reports their outcomes. */
import { openDirectory } from '../../src/db/directory.ts';
import { readTopology } from '../../src/db/topology.ts';
import { PostingQueue } from '../../src/ledger/posting/queue.ts';
import { createUniqueValues } from '../../src/ledger/posting/unique-values.ts';
import { PATIENT_QUEUE } from '../support/patient.ts';
import { openTestSql } from '../support/sql.ts';
import { type PostingAnswer, type PostingRequest, resultOf } from './posting-process.ts';

const [url] = process.argv.slice(2);
if (!url) throw new Error('the URL of the database is missing');

const sql = openTestSql(url, { max: 2, role: 'revenda_app' });
const topology = await readTopology(sql);
const directory = openDirectory(url, topology);
const queue = new PostingQueue(
  url,
  { publish: () => {}, wake: () => {}, purchases: () => {} },
  { posted: () => {}, refused: () => {}, retried: () => {} },
  (error) => {
    throw error;
  },
  PATIENT_QUEUE,
  topology,
  directory && createUniqueValues(directory, sql),
);

async function post({ mode, commands }: PostingRequest): Promise<readonly string[]> {
  if (mode === 'each') return (await queue.postEach(commands)).map(resultOf);
  if (mode === 'atomic') return (await queue.postAtomic(commands)).map(resultOf);
  return Promise.all(commands.map((command) => queue.post(command).then(resultOf, errorWord)));
}

function errorWord(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : `ERROR ${String(error)}`;
}

process.on('message', (request: PostingRequest) => {
  post(request)
    .catch((error: unknown) => [errorWord(error)])
    .then((words) => {
      const answer: PostingAnswer = { id: request.id, words };
      process.send?.(answer);
    });
});
process.on('disconnect', () => {
  void queue.close().then(() => Promise.all([directory?.close(), sql.end()]));
});
process.send?.('ready');
