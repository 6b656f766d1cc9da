/** Makes the structured logger, which removes credentials and personal data. */

import { type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/** Structured logs, one JSON object a line. Credentials and personal data are removed wherever they appear. */
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
        // What Postgres quotes of the row or statement at fault.
        'err.detail',
        'err.where',
        'err.query',
        'err.parameters',
      ],
      censor: '[removed]',
    },
  });
}
