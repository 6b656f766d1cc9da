/** The peer Apollo Server with Prisma. */

import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { openPrismaTransfers } from '../prisma-transfer.ts';
import { panelOf, serve } from '../server.ts';
import { edgeOf, payloadOf, TRANSFER_SDL, type TransferInput } from '../transfer-schema.ts';
import type { Panel } from '../world.ts';

/** Apollo Server's standalone server over Prisma interactive transactions, both as documented. */
serve(async ({ url, sessions: signedIn, options }) => {
  const sessions = new Map(signedIn);
  const transfer = openPrismaTransfers(url, Number(options.pool));
  const resolvers = {
    Mutation: {
      transferCredits: async (_root: unknown, { input }: { input: TransferInput }, { panel }: { panel: Panel }) =>
        payloadOf(await transfer(edgeOf(panel, input), input.amount, input.idempotencyKey)),
    },
  };
  const server = new ApolloServer<{ panel: Panel }>({ typeDefs: TRANSFER_SDL, resolvers });
  const context = async ({ req }: { req: { headers: { authorization?: string } } }) => ({
    panel: panelOf(sessions, req.headers.authorization),
  });
  const { url: listening } = await startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' }, context });
  return { port: Number(new URL(listening).port) };
});
