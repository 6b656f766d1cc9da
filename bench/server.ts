/** Starts a server of the benchmark in its own process, and answers its parent. */

import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type Answer, answerParent, openChild } from './child.ts';
import type { Panel } from './world.ts';

/** The parameters a server is started with. */
export interface Setup {
  readonly url: string;
  /** The signed-in panels by token. Peers need no look-up of sessions. */
  readonly sessions: readonly (readonly [string, Panel])[];
  /** Further options of one server. */
  readonly options: Readonly<Record<string, string | number>>;
}

export interface Started {
  readonly port: number;
  /** Answers questions other than `start` and `cpu`. */
  readonly answer?: Answer;
}

/** Runs in the child: starts the server on the question `start`. */
export function serve(start: (setup: Setup) => Promise<Started>): void {
  let started: Started | null = null;
  answerParent(async (question, value) => {
    if (question !== 'start') return started?.answer?.(question, value);
    started = await start(value as Setup);
    return started.port;
  });
}

export interface Server {
  readonly port: number;
  ask(question: string, value?: unknown): Promise<unknown>;
  cpuMicros(): Promise<number>;
  close(): Promise<void>;
}

/** Starts `file`, relative to this folder, in its own process. */
export async function openServer(file: string, setup: Setup, execArgv: readonly string[] = []): Promise<Server> {
  const child = openChild(file, execArgv);
  const port = Number(await child.ask('start', setup));
  return { port, ask: child.ask, cpuMicros: child.cpuMicros, close: child.close };
}

/** Starts a node:http server on a free port. */
export async function listen(handler: RequestListener): Promise<number> {
  const server = createServer(handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a port');
  return address.port;
}

/** Finds the panel whose token the request has. */
export function panelOf(sessions: ReadonlyMap<string, Panel>, authorization: string | undefined): Panel {
  const panel = sessions.get(authorization?.slice('Bearer '.length) ?? '');
  if (!panel) throw new Error('not signed in');
  return panel;
}
