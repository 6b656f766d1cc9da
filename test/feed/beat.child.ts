/** Another process that stays silent for a while, sends a sign of life, and leaves. */

import { setTimeout as delay } from 'node:timers/promises';
import { BEAT, encodeNotification, GOODBYE } from '../../src/feed/hints/message.ts';
import { CHANNEL } from '../../src/feed/hints/notifier.ts';
import { openTestSql } from '../support/sql.ts';

const [url = '', name = '', silentMs] = process.argv.slice(2);
const sql = openTestSql(url);
await delay(Number(silentMs));
for (const [index, message] of [BEAT, GOODBYE].entries()) await sql.notify(CHANNEL, encodeNotification(name, 2 + index, message));
await sql.end();
