/** The peer Mercurius on Fastify. */

import fastify from 'fastify';
import mercurius from 'mercurius';
import pg from 'pg';
import { ONE_COMMIT_CALL, oneCommitParameters } from '../one-commit.ts';
import { panelOf, serve } from '../server.ts';
import { edgeOf, type Moved, moveThrough, payloadOf, TRANSFER_SDL, type TransferInput } from '../transfer-schema.ts';
import { openQueue, type Panel, transferOf } from '../world.ts';

type Move = (panel: Panel, input: TransferInput) => Promise<Moved>;

/** Mercurius on Fastify with its JIT, over one function per commit (`posting: 'function'`) or over our own posting. */
serve(async ({ url, sessions: signedIn, options }) => {
  const sessions = new Map(signedIn);
  const move = options.posting === 'function' ? throughPool(url, Number(options.pool)) : throughOurs(url);
  const app = fastify();
  await app.register(mercurius, {
    schema: TRANSFER_SDL,
    jit: 1,
    context: (request) => ({ panel: panelOf(sessions, request.headers.authorization) }),
    resolvers: {
      Mutation: {
        transferCredits: async (_root: unknown, { input }: { input: TransferInput }, context: unknown) => {
          const { panel } = context as { panel: Panel };
          return payloadOf(await move(panel, input));
        },
      },
    },
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const address = app.server.address();
  if (address === null || typeof address === 'string') throw new Error('Mercurius does not listen');
  return { port: address.port };
});

function throughOurs(url: string): Move {
  const ledger = openQueue(url);
  return (panel, input) => moveThrough(ledger, panel, input);
}

function throughPool(url: string, max: number): Move {
  const pool = new pg.Pool({ connectionString: url, max });
  return async (panel, input) => {
    const values = oneCommitParameters({ ...transferOf(edgeOf(panel, input)), key: input.idempotencyKey });
    const { rows } = await pool.query({ name: 'transfer', text: ONE_COMMIT_CALL, values });
    return movedOf(rows[0]);
  };
}

interface MovedRow {
  readonly transfer_id: string;
  readonly amount: string;
  readonly created_at: Date;
  readonly from_id: string;
  readonly from_balance: string;
  readonly from_version: string;
  readonly to_id: string;
  readonly to_balance: string;
  readonly to_version: string;
}

function movedOf(row: MovedRow): Moved {
  return {
    transfer: { id: row.transfer_id, amount: Number(row.amount), createdAt: row.created_at },
    from: sideOf(row.from_id, row.from_balance, row.from_version),
    to: sideOf(row.to_id, row.to_balance, row.to_version),
  };
}

function sideOf(id: string, balance: string, version: string) {
  return { id, balance: Number(balance), version: Number(version), locked: balance === '0' };
}
