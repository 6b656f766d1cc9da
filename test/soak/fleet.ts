/** The servers of the soak. */

import { randomInt } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type ServerProcess, startServer } from '../support/processes/server-process.ts';

/** Below the range of outgoing ports: a client must not occupy the port of a server that restarts. */
const PORTS = { lowest: 15_000, highest: 30_000 };
const LOADED_FIRST = ['clock.child.ts', 'webhooks.child.ts'].map((file) => fileURLToPath(new URL(file, import.meta.url)));
const BYTES_PER_KB = 1024;
/** Memory returns to the system a little later than garbage is collected. */
const SETTLING_MS = 500;
/** The unit of CPU time in /proc. */
const TICKS_PER_SECOND = 100;
const LAST_WORDS = 2_000;

/** The kernel's figures for all processes together. */
export interface Usage {
  readonly residentMb: number;
  readonly descriptors: number;
  /** CPU time since the processes started. */
  readonly cpuSeconds: number;
}

interface Slot {
  readonly origin: string;
  readonly settings: Readonly<Record<string, string>>;
  server: ServerProcess;
}

/** Servers on one database. Each keeps its port for good, and its clock can be moved. */
export class Fleet {
  readonly #slots: Slot[] = [];
  /** Log lines of ended servers that nobody has read yet. */
  readonly #ended: string[] = [];

  /** Starts one server for each database URL. The URLs may differ in the way to the database. */
  static async open(databaseUrls: readonly string[], settings: Readonly<Record<string, string>> = {}): Promise<Fleet> {
    const fleet = new Fleet();
    for (const url of databaseUrls) {
      const port = String(randomInt(PORTS.lowest, PORTS.highest));
      const all = { ...usualSettings(url, port), ...settings };
      fleet.#slots.push({ origin: `http://127.0.0.1:${port}`, settings: all, server: startServer(all) });
    }
    await Promise.all(fleet.#slots.map(({ server }) => server.ready));
    return fleet;
  }

  get origins(): readonly string[] {
    return this.#slots.map(({ origin }) => origin);
  }

  pidOf(index: number): number {
    return this.#slot(index).server.child.pid ?? 0;
  }

  signal(index: number, signal: NodeJS.Signals): void {
    this.#slot(index).server.child.kill(signal);
  }

  async kill(index: number): Promise<void> {
    const { server } = this.#slot(index);
    server.child.kill('SIGKILL');
    this.#ended.push((await server.ended).stdout);
  }

  /** Starts a killed server again. */
  async restart(index: number): Promise<void> {
    const slot = this.#slot(index);
    slot.server = startServer(slot.settings);
    await slot.server.ready;
  }

  /** Restarts the servers that ended by themselves, and returns how each ended. */
  async raise(): Promise<string[]> {
    const fallen = this.#slots.map((_, index) => index).filter((index) => hasEnded(this.#slot(index).server));
    return Promise.all(
      fallen.map(async (index) => {
        const { code, stdout, stderr } = await this.#slot(index).server.ended;
        await this.restart(index);
        return `server ${index} ended by itself (${code}): ${(stdout + stderr).slice(-LAST_WORDS)}`;
      }),
    );
  }

  /** Usage after garbage has been collected. */
  async settledUsage(): Promise<Usage> {
    let usage = await this.usage();
    for (;;) {
      for (const { server } of this.#slots) server.child.kill('SIGIO');
      await delay(SETTLING_MS);
      const next = await this.usage();
      if (next.residentMb >= usage.residentMb) return next;
      usage = next;
    }
  }

  async usage(): Promise<Usage> {
    const each = await Promise.all(this.#slots.map((_, index) => usageOf(this.pidOf(index))));
    return {
      residentMb: Math.round(each.reduce((sum, { residentMb }) => sum + residentMb, 0)),
      descriptors: each.reduce((sum, { descriptors }) => sum + descriptors, 0),
      cpuSeconds: each.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
    };
  }

  /** Ends all servers, and returns their logs. */
  async close(): Promise<string> {
    const ended = await Promise.all(
      this.#slots.map(({ server }) => {
        server.child.kill('SIGTERM');
        return server.ended;
      }),
    );
    return [...this.#ended, ...ended.map(({ stdout, stderr }) => stdout + stderr)].join('');
  }

  #slot(index: number): Slot {
    const slot = this.#slots[index % this.#slots.length];
    if (!slot) throw new Error('a fleet without servers');
    return slot;
  }
}

function hasEnded({ child }: ServerProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function usualSettings(databaseUrl: string, port: string): Record<string, string> {
  return {
    DATABASE_URL: databaseUrl,
    PORT: port,
    HOST: '127.0.0.1',
    LOG_LEVEL: 'warn',
    COOKIE_SECURE: 'false',
    // All callers run on this machine, so each sends its address in a header.
    TRUST_PROXY: '1',
    NODE_ENV: 'production',
    NODE_OPTIONS: LOADED_FIRST.map((file) => `--import=${file}`).join(' '),
    SECRETS_KEY: Buffer.alloc(32, 'soak').toString('base64'),
  };
}

async function usageOf(pid: number): Promise<Usage> {
  const [status, stat, descriptors] = await Promise.all([
    readFile(`/proc/${pid}/status`, 'utf8'),
    readFile(`/proc/${pid}/stat`, 'utf8'),
    readdir(`/proc/${pid}/fd`),
  ]);
  const residentKb = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0);
  // The process name may contain anything. After it come the state, ten numbers, and the user and system time.
  const [user = 0, system = 0] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number);
  return { residentMb: residentKb / BYTES_PER_KB, descriptors: descriptors.length, cpuSeconds: (user + system) / TICKS_PER_SECOND };
}
