/** Starts Revenda in several processes on one port. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Server } from './server.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const PATIENCE = new URL('./servers/patience.ts', import.meta.url).href;
const MICROS_PER_SECOND = 1e6;

/** The whole application as `npm start` starts it, in this many processes. Its CPU is the sum of all serving processes. */
export async function openSeveral(url: string, processes: number): Promise<Server> {
  const child = spawn(process.execPath, ['--import', PATIENCE, MAIN], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...{ DATABASE_URL: url, PROCESSES: String(processes), HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'error' },
      POSTING_MAX_WAIT_MS: '60000',
    },
  });
  const ended = once(child, 'exit');
  const port = await new Promise<number>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      const found = /http:\/\/\S+:(\d+)\/graphql/.exec(line)?.[1];
      if (found !== undefined) resolve(Number(found));
    });
    ended.then(() => reject(new Error('the processes ended before they served')));
  });
  const metric = async (name: string) => {
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    const line = text.split('\n').find((one) => one.startsWith(`${name} `));
    return Number(line?.slice(name.length + 1));
  };
  return {
    port,
    ask: (name) => metric(name),
    cpuMicros: async () => (await metric('process_cpu_seconds_total')) * MICROS_PER_SECOND,
    async close() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
