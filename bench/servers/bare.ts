/** The simplest HTTP server over our posting, as a baseline for GraphQL. */

import { listen, panelOf, serve } from '../server.ts';
import { moveThrough } from '../transfer-schema.ts';
import { openQueue } from '../world.ts';

/** The baseline for GraphQL: the same posting behind node:http and JSON.parse, with the sessions in a Map. */
serve(async ({ url, sessions: signedIn }) => {
  const sessions = new Map(signedIn);
  const ledger = openQueue(url);
  const port = await listen((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      try {
        const panel = panelOf(sessions, request.headers.authorization);
        const body = JSON.stringify(await moveThrough(ledger, panel, JSON.parse(Buffer.concat(chunks).toString())));
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body);
      } catch (error) {
        response.writeHead(500).end(String(error));
      }
    });
  });
  return { port };
});
