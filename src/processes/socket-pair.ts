/** Makes two connected sockets, one for each of two processes. */

import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, Socket } from 'node:net';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether such a socket can be passed to another process. */
export const CAN_PAIR = platform() !== 'win32';

/** Neither socket is read before it is passed on. Their address is in a folder that only this user can open, and is deleted before use. */
export async function socketPair(): Promise<readonly [Socket, Socket]> {
  const folder = await mkdtemp(join(tmpdir(), 'revenda-'));
  const server = createServer({ pauseOnConnect: true });
  const one = new Socket();
  one.pause();
  try {
    const path = join(folder, 'pair');
    server.listen(path);
    await once(server, 'listening');
    one.connect(path);
    const [[other]] = await Promise.all([once(server, 'connection') as Promise<[Socket]>, once(one, 'connect')]);
    return [one, other];
  } catch (error) {
    one.destroy();
    throw error;
  } finally {
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
}
