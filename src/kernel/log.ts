/** Makes the structured logger, which removes credentials and personal data. */

import { type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/** Creates a logger that writes one JSON object per line. Credentials and personal data are removed from the listed fields. */
export function createLogger(level: string): Logger {
  return pino({
    level,
    redact: {
      paths: [
        'authorization',
        'cookie',
        'password',
        'token',
        'email',
        'headers',
        '*.authorization',
        '*.cookie',
        '*.password',
        '*.token',
        '*.email',
        '*.headers',
        '*.ownerPassword',
        '*.passwordHash',
        // Postgres quotes the failed row or statement in these fields.
        'err.detail',
        'err.where',
        'err.query',
        'err.parameters',
      ],
      censor: '[removed]',
    },
  });
}
