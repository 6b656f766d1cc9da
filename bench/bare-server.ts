import { createServer, type Server } from 'node:http';
import type { Ledger } from '../src/ledger/ledger.ts';
import { type Panel, transferOf } from './world.ts';

/** What GraphQL is measured against: the same posting behind node:http and JSON.parse, with the sessions in a Map. */
export function createBareServer(ledger: Ledger, sessions: ReadonlyMap<string, Panel>): Server {
  return createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const panel = sessions.get(request.headers.authorization?.slice('Bearer '.length) ?? '');
      answer(ledger, panel, Buffer.concat(chunks).toString()).then(
        (body) => {
          response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body);
        },
        (error: unknown) => {
          response.writeHead(500).end(String(error));
        },
      );
    });
  });
}

async function answer(ledger: Ledger, from: Panel | undefined, text: string): Promise<string> {
  const { toId, amount, key } = JSON.parse(text);
  if (!from || typeof toId !== 'string' || !Number.isSafeInteger(amount) || typeof key !== 'string') throw new Error('refused');
  const outcome = await ledger.post({ ...transferOf({ from, toId }), amount, key });
  if (outcome.status !== 'posted') throw new Error(`a transfer was ${outcome.status}`);
  const { transfer, from: payer, to } = outcome;
  return JSON.stringify({
    transfer: { id: transfer?.id, amount: transfer?.amount, createdAt: transfer?.createdAtMs },
    from: { id: payer?.id, balance: payer?.balance, version: payer?.version },
    to: { id: to?.id, balance: to?.balance, version: to?.version },
  });
}

export function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a port');
  return address.port;
}
