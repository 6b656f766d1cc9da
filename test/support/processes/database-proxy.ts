/** Stands between a client and Postgres on an address of its own; what goes through is its caller's to join. */
import { connect, createServer, type Socket } from 'node:net';

export interface DatabaseProxy {
  /** The database behind it, through it. */
  readonly url: string;
  close(): Promise<void>;
}

/** `join` is given both ends of each connection. When one closes, so does the other. */
export async function startDatabaseProxy(databaseUrl: string, join: (client: Socket, upstream: Socket) => void): Promise<DatabaseProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    join(client, upstream);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String(address.port);
  return {
    url: url.href,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
