import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Client, PASSWORD, PLATFORM_EMAIL } from '../clients/api.ts';
import { closedAtEnd } from '../leftovers.ts';
import { PATIENT_SETTINGS } from '../patient.ts';
import { cheapStart } from './node-settings.ts';

/** The root folder of this version. */
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** A server in its own process, ready for requests. */
export interface ServerProcess extends AsyncDisposable {
  readonly client: Client;
  readonly pid: number;
  /** The lines that it has printed, including its log. */
  readonly output: readonly string[];
  signal(signal: NodeJS.Signals): void;
  /** Resolves when the process has ended, to its exit code or the signal that ended it. */
  readonly exited: Promise<number | NodeJS.Signals | null>;
}

/** Starts the server of this version, or of the version in the folder `root`. */
export async function startProcess(
  databaseUrl: string,
  settings: Readonly<Record<string, string>> = {},
  root: string = ROOT,
): Promise<ServerProcess> {
  const patient = pathToFileURL(join(root, 'test/support/processes/patient.child.ts')).href;
  const child = spawn(process.execPath, ['--import', patient, join(root, 'src/main.ts')], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...cheapStart(),
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

/** Starts `count` servers on one database, concurrently. */
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

/** Resolves to the origin that the server prints once it is ready. */
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
