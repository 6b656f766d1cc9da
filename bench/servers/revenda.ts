/** Revenda as it is started in production. */

import { createApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { createLogger } from '../../src/kernel/log.ts';
import { serve } from '../server.ts';

/** A shared machine may delay the event loop, which must not turn into refusals. */
const NEVER_OVERLOADED = { eventLoopDelayMs: 60_000 };

/** The whole application as `npm start` starts it, without the guard against overload. */
serve(async ({ options: { secretsKey }, url }) => {
  const config = readConfig({
    DATABASE_URL: url,
    HOST: '127.0.0.1',
    ...(secretsKey === undefined ? {} : { SECRETS_KEY: String(secretsKey) }),
  });
  const app = await createApp({ ...config, port: 0 }, url, createLogger('warn'), NEVER_OVERLOADED);
  return app.listen();
});
