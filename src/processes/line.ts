/** One end of a socket between two processes of a port: what they tell each other often does not pass through the first one. */

/** Before each message: how many bytes follow. They are its topic, a line feed, and the text. */
const LENGTH_BYTES = 4;
const NOTHING = Buffer.alloc(0);

/** A socket, as far as it is used. */
interface LineSocket {
  write(bytes: Buffer): unknown;
  on(event: 'data', listener: (bytes: Buffer) => void): unknown;
  on(event: 'error', listener: () => void): unknown;
  once(event: 'close', listener: () => void): unknown;
  resume(): unknown;
}

interface LineListener {
  /** In the order of the other end's calls. */
  hear(topic: string, text: string): void;
  /** Nothing comes any more; what was sent may not have arrived. */
  lost(): void;
}

export class Line {
  readonly #socket: LineSocket;
  readonly #listener: LineListener;
  /** Of a message that has not come whole. */
  #rest: Buffer = NOTHING;

  constructor(socket: LineSocket, listener: LineListener) {
    this.#socket = socket;
    this.#listener = listener;
    socket.on('data', (bytes) => this.#receive(bytes));
    // What it means is told by its close.
    socket.on('error', () => {});
    socket.once('close', () => listener.lost());
    socket.resume();
  }

  /** `topic` has no line feed. */
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
      this.#listener.hear(message.slice(0, topicEnd), message.slice(topicEnd + 1));
    }
    this.#rest = at === all.length ? NOTHING : all.subarray(at);
  }
}
