/** The parent's side of the HTTP client of the benchmark. */

import { type Child, openChild } from './child.ts';
import type { Done, Job, Target, Targets } from './load/http-load.ts';
import type { Cell } from './rounds.ts';
import type { Server } from './server.ts';

/** The process that sends requests to all HTTP servers, one server after another. */
export interface HttpClient {
  /** Sends a list of targets once, and returns the number that names the list in a job. */
  targets(targets: Targets): Promise<number>;
  load(job: Job): Promise<Done>;
  close(): Promise<void>;
}

export function openHttpClient(): HttpClient {
  const child: Child = openChild('./load/http-load.ts');
  return {
    targets: async (targets) => Number(await child.ask('targets', targets)),
    load: async (job) => (await child.ask('load', job)) as Done,
    close: child.close,
  };
}

/** A closed loop over `connections` to a server that stays open from round to round. */
export function httpCell(
  name: string,
  rows: Cell['rows'],
  { client, server, targets, connections }: { client: HttpClient; server: Server; targets: number; connections: number },
): Cell {
  return {
    name,
    rows,
    open: async () => ({
      load: (forMs) => client.load({ targets, connections, forMs }),
      cpuMicros: server.cpuMicros,
      close: async () => {},
    }),
  };
}

/** The placeholder in a body for a key that is new in each request. */
export const KEY = 'THE KEY';

/** A POST request with a session. Its body contains KEY at most once. */
export function targetOf(path: string, token: string, body: string, accept = 'application/json'): Target {
  const [bodyHead = '', bodyTail = null] = body.split(KEY);
  return {
    headers: `POST ${path} HTTP/1.1\r\naccept: ${accept}\r\nhost: localhost\r\ncontent-type: application/json\r\nauthorization: Bearer ${token}\r\n`,
    bodyHead,
    bodyTail,
  };
}
