/** The peer PostGraphile 5. */

import { once } from 'node:events';
import { createServer } from 'node:http';
import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { grafserv } from 'postgraphile/grafserv/node';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';
import { panelOf, serve } from '../server.ts';

/** PostGraphile 5 with its Amber preset over the given schemas. As documented, it passes the caller to Postgres in settings. */
serve(async ({ url, sessions: signedIn, options }) => {
  const sessions = new Map(signedIn);
  const preset: GraphileConfig.Preset = {
    extends: [PostGraphileAmberPreset],
    // It filters only by columns that it takes for indexed, and it ignores partial indexes such as ours on parents.
    disablePlugins: ['PgIndexBehaviorsPlugin'],
    pgServices: [makePgService({ connectionString: url, schemas: String(options.schemas).split(',') })],
    grafserv: { graphiql: false, watch: false },
    grafast: {
      explain: false,
      context(requestContext) {
        const panel = panelOf(sessions, requestContext.node?.req.headers.authorization);
        return { pgSettings: { 'bench.tenant': panel.tenantId, 'bench.panel': panel.id, 'bench.actor': panel.userId } };
      },
    },
  };
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  await postgraphile(preset).createServ(grafserv).addTo(server);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('PostGraphile does not listen');
  return { port: address.port };
});
