/** Makes two sockets that are connected with each other, to be given to two processes. */

import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, Socket } from 'node:net';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether such a socket can be given to another process. */
export const CAN_PAIR = platform() !== 'win32';

/** Neither is read before it is given away. Their address is in a folder of this user's alone, and gone before they are used. */
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
