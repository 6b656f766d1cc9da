import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { closedAtEnd } from '../leftovers.ts';
import { cheapStart } from './node-settings.ts';

const MAIN = fileURLToPath(new URL('../../../src/main.ts', import.meta.url));

/** The server as `npm start` runs it, in its own process. */
export interface ServerProcess {
  readonly child: ChildProcess;
  /** Resolves to its URL; rejects if the server ends before it is ready. */
  readonly ready: Promise<{ readonly url: string }>;
  /** Resolves when the process has ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
}

/** Starts a server with these settings and what makes Node start cheaply, and no other variable. With port 0, `ready` has the real port. */
export function startServer(settings: Readonly<Record<string, string>>): ServerProcess {
  const child = spawn(process.execPath, [MAIN], {
    env: { ...cheapStart(), PROCESSES: '1', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ready = new Promise<{ url: string }>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      const url = /at (http:\S+)\/graphql\n/.exec(stdout)?.[1];
      if (url) resolve({ url });
    });
    child.once('close', () => reject(new Error(`the server ended before it served: ${stderr}`)));
  });
  // A caller that waits only for `ended` does not handle this rejection.
  ready.catch(() => {});
  const ended = once(child, 'close').then(() => ({ code: child.exitCode, stdout, stderr }));
  closedAtEnd(() => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    return ended;
  });
  return { child, ready, ended };
}
