/** One end of a socket between two processes of a port, so that frequent messages do not pass through the first process. */

/** The length field before each message. The message is its topic, a line feed, and the text. */
const LENGTH_BYTES = 4;
const NOTHING = Buffer.alloc(0);

/** The part of a socket that is used here. */
interface LineSocket {
  write(bytes: Buffer): unknown;
  on(event: 'data', listener: (bytes: Buffer) => void): unknown;
  on(event: 'error', listener: () => void): unknown;
  once(event: 'close', listener: () => void): unknown;
  resume(): unknown;
}

interface LineListener {
  /** Called for each message, in the order in which the other end sent them. */
  received(topic: string, text: string): void;
  /** No more messages will arrive, and sent ones may not have arrived. */
  lost(): void;
}

export class Line {
  readonly #socket: LineSocket;
  readonly #listener: LineListener;
  /** The beginning of an incomplete message. */
  #rest: Buffer = NOTHING;

  constructor(socket: LineSocket, listener: LineListener) {
    this.#socket = socket;
    this.#listener = listener;
    socket.on('data', (bytes) => this.#receive(bytes));
    // The `close` event follows, and is handled.
    socket.on('error', () => {});
    socket.once('close', () => listener.lost());
    socket.resume();
  }

  /** `topic` must not contain a line feed. */
  send(topic: string, text: string): void {
    const message = `${topic}\n${text}`;
    const length = Buffer.byteLength(message);
    const bytes = Buffer.allocUnsafe(LENGTH_BYTES + length);
    bytes.writeUInt32BE(length, 0);
    bytes.write(message, LENGTH_BYTES);
    this.#socket.write(bytes);
  }

  #receive(bytes: Buffer): void {
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    let at = 0;
    while (all.length - at >= LENGTH_BYTES) {
      const start = at + LENGTH_BYTES;
      const end = start + all.readUInt32BE(at);
      if (end > all.length) break;
      const message = all.toString('utf8', start, end);
      at = end;
      const topicEnd = message.indexOf('\n');
      this.#listener.received(message.slice(0, topicEnd), message.slice(topicEnd + 1));
    }
    this.#rest = at === all.length ? NOTHING : all.subarray(at);
  }
}
