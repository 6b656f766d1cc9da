import { type DatabaseProxy, startDatabaseProxy } from './database-proxy.ts';

/** A proxy that counts the statements on its connections: the Execute and Query messages of the frontend protocol. */
export interface CountingProxy extends DatabaseProxy {
  statements(): number;
  /** The distinct texts of the prepared statements. */
  readonly texts: ReadonlySet<string>;
  /** Bytes in both directions. */
  bytes(): number;
}

const EXECUTE = 'E'.charCodeAt(0);
const QUERY = 'Q'.charCodeAt(0);
const PARSE = 'P'.charCodeAt(0);
const HEADER_BYTES = 5;

/** Starts a proxy between a client and Postgres, which counts without changing a byte. */
export async function startCountingProxy(databaseUrl: string): Promise<CountingProxy> {
  const texts = new Set<string>();
  let statements = 0;
  let bytes = 0;

  const proxy = await startDatabaseProxy(databaseUrl, (client, upstream) => {
    const count = messageCounter((type, body) => {
      if (type === EXECUTE || type === QUERY) statements += 1;
      // A Parse message has a name and the text, each followed by a zero byte.
      if (type === PARSE) texts.add(body.toString('utf8').split('\0')[1] ?? '');
    });
    client.on('data', count);
    for (const socket of [client, upstream]) {
      socket.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
    }
    client.pipe(upstream).pipe(client);
  });
  return { ...proxy, statements: () => statements, texts, bytes: () => bytes };
}

/** Splits a stream of bytes into messages. The first message of a client has no type and is skipped. */
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
