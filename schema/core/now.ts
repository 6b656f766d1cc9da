/** Provides the time of an operation, read once from the database's clock (R25). */

import { createContextCache } from '@pothos/core';
import { databaseNow } from '../../src/db/clock.ts';
import type { Context } from './context.ts';

/** The database's time (R25). It is read once for each operation, so that a page is filtered and shown as of one moment. */
export const momentOf = createContextCache((ctx: Context): Promise<Date> => databaseNow(ctx.ports.sql));
