import { connect, createServer, type Socket } from 'node:net';

/** How many statements went over its connections: Execute and Query messages of the frontend protocol. */
export interface CountingProxy {
  /** The database behind it, through it. */
  readonly url: string;
  statements(): number;
  /** Of what was prepared, each once. */
  readonly texts: ReadonlySet<string>;
  /** Bytes that went to the database and came back. */
  bytes(): number;
  close(): Promise<void>;
}

const EXECUTE = 'E'.charCodeAt(0);
const QUERY = 'Q'.charCodeAt(0);
const PARSE = 'P'.charCodeAt(0);
const HEADER_BYTES = 5;

/** Stands between a client and Postgres, and counts without changing a byte. */
export async function startCountingProxy(databaseUrl: string): Promise<CountingProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const texts = new Set<string>();
  let statements = 0;
  let bytes = 0;

  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    const count = messageCounter((type, body) => {
      if (type === EXECUTE || type === QUERY) statements += 1;
      // A name and the text, each with a zero behind it.
      if (type === PARSE) texts.add(body.toString('utf8').split('\0')[1] ?? '');
    });
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
    client.on('data', count);
    for (const socket of [client, upstream]) {
      socket.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
    }
    client.pipe(upstream).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String(address.port);

  return {
    url: url.href,
    statements: () => statements,
    texts,
    bytes: () => bytes,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Reads messages out of a stream of bytes. The first one of a client has no type, and is passed over. */
export function messageCounter(onMessage: (type: number, body: Buffer, whole: Buffer) => void, isClient = true): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  let isStartup = isClient;
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (;;) {
      const header = isStartup ? HEADER_BYTES - 1 : HEADER_BYTES;
      if (rest.length < header) return;
      const length = rest.readUInt32BE(header - 4) + header - 4;
      if (rest.length < length) return;
      if (!isStartup) onMessage(rest[0] ?? 0, rest.subarray(header, length), rest.subarray(0, length));
      isStartup = false;
      rest = rest.subarray(length);
    }
  };
}
