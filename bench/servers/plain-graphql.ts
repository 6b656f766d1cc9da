/** graphql-js without a server framework, as a baseline for our handlers. */

import { buildSchema, type DocumentNode, execute, parse } from 'graphql';
import { listen, panelOf, serve } from '../server.ts';
import { moveThrough, payloadOf, TRANSFER_SDL, type TransferInput } from '../transfer-schema.ts';
import { openQueue } from '../world.ts';

/** graphql-js alone over our posting: node:http, a parse cache and `execute`, without validation, limits or authorization. */
serve(async ({ url, sessions: signedIn }) => {
  const sessions = new Map(signedIn);
  const ledger = openQueue(url);
  const schema = buildSchema(TRANSFER_SDL);
  const documents = new Map<string, DocumentNode>();
  const documentOf = (query: string) => {
    const document = documents.get(query) ?? parse(query);
    documents.set(query, document);
    return document;
  };
  const port = await listen((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      try {
        const panel = panelOf(sessions, request.headers.authorization);
        const { query, variables } = JSON.parse(Buffer.concat(chunks).toString());
        const rootValue = {
          transferCredits: async ({ input }: { input: TransferInput }) => payloadOf(await moveThrough(ledger, panel, input)),
        };
        const body = JSON.stringify(await execute({ schema, document: documentOf(query), rootValue, variableValues: variables }));
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body);
      } catch (error) {
        response.writeHead(500).end(String(error));
      }
    });
  });
  return { port };
});
