import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Client, PASSWORD, PLATFORM_EMAIL } from '../clients/api.ts';
import { closedAtEnd } from '../leftovers.ts';
import { PATIENT_SETTINGS } from '../patient.ts';
import { sameCompileCache } from './compile-cache.ts';

/** Of this version. */
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** A server in a process of its own, ready. */
export interface ServerProcess extends AsyncDisposable {
  readonly client: Client;
  readonly pid: number;
  /** What it printed that is not JSON, and its log. */
  readonly output: readonly string[];
  signal(signal: NodeJS.Signals): void;
  /** When it is gone: its exit code, or the signal that ended it. */
  readonly exited: Promise<number | NodeJS.Signals | null>;
}

/** The server of this version, or of another in a folder of its own. */
export async function startProcess(
  databaseUrl: string,
  settings: Readonly<Record<string, string>> = {},
  root: string = ROOT,
): Promise<ServerProcess> {
  const patient = pathToFileURL(join(root, 'test/support/processes/patient.child.ts')).href;
  const child = spawn(process.execPath, ['--import', patient, join(root, 'src/main.ts')], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...sameCompileCache(),
      PROCESSES: '1',
      DATABASE_URL: databaseUrl,
      PORT: '0',
      HOST: '127.0.0.1',
      LOG_LEVEL: 'warn',
      PLATFORM_EMAIL,
      PLATFORM_PASSWORD: PASSWORD,
      ...PATIENT_SETTINGS,
      ...settings,
    },
  });
  const exited = once(child, 'exit').then(([code, signal]) => code ?? signal);
  const end = closedAtEnd(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await exited;
  });
  const output: string[] = [];
  const origin = await originOf(child, output, exited);
  return {
    client: new Client(origin),
    pid: child.pid ?? 0,
    output,
    signal: (signal) => void child.kill(signal),
    exited,
    [Symbol.asyncDispose]: end,
  };
}

/** So many servers on one database, started together. */
export async function startProcesses(
  count: number,
  databaseUrl: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<ServerProcess[]> {
  const started = await Promise.allSettled(Array.from({ length: count }, () => startProcess(databaseUrl, settings)));
  const processes = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  if (processes.length === count) return processes;
  await stopProcesses(processes);
  throw new Error('not every process started', { cause: started });
}

export async function stopProcesses(processes: readonly ServerProcess[]): Promise<void> {
  await Promise.all(processes.map((server) => server[Symbol.asyncDispose]()));
}

/** Where it says that it serves. */
function originOf(child: ChildProcess, output: string[], exited: Promise<unknown>): Promise<string> {
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      createInterface(stream).on('line', (line) => {
        output.push(line);
        const origin = /(http:\/\/\S+)\/graphql/.exec(line)?.[1];
        if (origin !== undefined) resolve(origin);
      });
    }
    exited.then((how) => reject(new Error(`the server ended with ${String(how)}:\n${output.join('\n')}`)));
  });
}
