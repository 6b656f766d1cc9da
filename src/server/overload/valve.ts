/** Refuses requests of the usual form before they are parsed, while the server is overloaded. */

import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type Kind, kindOf, type OverloadGuard } from './guard.ts';

/** The usual form of a request: as API clients send it, without anything that two parsers could understand differently. */
const START = 'POST /graphql HTTP/1.1\r\n';
const END_OF_HEAD = '\r\n\r\n';
const HEAD = /POST \/graphql HTTP\/1\.1\r\n(?:[\w-]+:[\t\x20-\x7e]*\r\n)+\r\n/y;
/** Headers that the gate has to check, or that frame the body in another way. */
const UNUSUAL = /\r\n(?:transfer-encoding|upgrade|expect|origin):|\r\nconnection:(?! *keep-alive\r\n)/i;
const LENGTHS = /\r\ncontent-length:[^\r]*/gi;
const LENGTH = /: *(\d{1,7})$/;
const CREDENTIALS = /\r\n(?:authorization|cookie):/i;

/** A complete request: its kind, and the offset of its end. */
interface UsualRequest {
  readonly kind: Kind;
  readonly end: number;
}

/** Finds the complete usual requests at the beginning of a chunk, and whether the chunk ends in the middle of one. */
export function usualRequests(chunk: Buffer): { readonly requests: readonly UsualRequest[]; readonly isCut: boolean } {
  const text = chunk.toString('latin1');
  const requests: UsualRequest[] = [];
  for (let start = 0; start < text.length; ) {
    HEAD.lastIndex = start;
    const head = HEAD.exec(text)?.[0];
    if (head === undefined) return { requests, isCut: !text.includes(END_OF_HEAD, start) };
    if (UNUSUAL.test(head)) return { requests, isCut: false };
    const lengths = head.match(LENGTHS);
    const length = lengths?.length === 1 ? LENGTH.exec(lengths[0])?.[1] : undefined;
    if (length === undefined) return { requests, isCut: false };
    const bodyAt = start + head.length;
    const end = bodyAt + Number(length);
    if (end > text.length) return { requests, isCut: true };
    requests.push({ kind: kindOf(text.slice(bodyAt, end), CREDENTIALS.test(head)), end });
    start = end;
  }
  return { requests, isCut: false };
}

export interface LoadShedder {
  /** Call this for every request, before it is answered. */
  saw(request: IncomingMessage, response: ServerResponse): void;
}

export interface LoadShedderPorts {
  readonly guard: Pick<OverloadGuard, 'isCalm' | 'isBusy' | 'hasRoom' | 'refused'>;
  readonly isDraining: () => boolean;
  /** The raw HTTP text of the refusal, for a request id. */
  readonly refusalText: (requestId: string) => string;
}

/**
 * Refuses on the socket what would be refused anyway. Parsing and refusing a request in node:http costs a fifth of serving it.
 * At four times the load that the server can serve, little would be left for admitted requests. So a connection that sends a
 * request while the server is busy gets a valve between its socket and node:http's parser.
 */
export function createLoadShedder(server: Server, ports: LoadShedderPorts): LoadShedder {
  const valves = new Map<Socket, Valve>();

  // After an upgrade, other code reads the socket, and the parser serves another connection.
  server.prependListener('upgrade', ({ socket }: IncomingMessage) => {
    valves.get(socket)?.remove();
    valves.delete(socket);
  });

  return {
    saw(request, response) {
      const { socket } = request;
      let valve = valves.size > 0 ? valves.get(socket) : undefined;
      if (valve === undefined && request.url === '/graphql' && !ports.guard.isCalm() && !ports.isDraining()) {
        valve = Valve.on(socket, ports);
        if (valve === undefined) return;
        valves.set(socket, valve);
        socket.once('close', () => valves.delete(socket));
      }
      valve?.saw(request, response);
    },
  };
}

/** The position of the parser, and the bytes that were read but not passed to it yet. */
type State =
  /** The parser may be in the middle of a request: the next bytes belong to it. */
  | { readonly name: 'inside' }
  /** The parser is between two requests: the next bytes may be judged. */
  | { readonly name: 'between' }
  /** As `between`, and these bytes wait for the answers to earlier requests; the socket is not read. */
  | { readonly name: 'holding'; readonly bytes: Buffer }
  /** As `between`, and these bytes begin a request whose rest has not arrived. */
  | { readonly name: 'cut'; readonly bytes: Buffer }
  /** As `inside`, and node:http has stopped reading, because answers queue up. */
  | { readonly name: 'blocked'; readonly bytes: Buffer }
  /** Other code reads the socket. */
  | { readonly name: 'removed' };

const INSIDE: State = { name: 'inside' };
const BETWEEN: State = { name: 'between' };

/**
 * A valve between a socket and its parser. While the server is overloaded, a connection has one request in flight. Of the
 * requests that arrive meanwhile, all but the last are refused, and the last is admitted if there is room. The valve refuses
 * only when the parser is certainly between two requests, and everything that the parser received is answered. So answers keep
 * their order, and the valve never reads the beginning of a request where the parser reads the middle of one.
 */
class Valve {
  readonly #socket: Socket;
  readonly #parse: (chunk: Buffer) => void;
  readonly #ports: LoadShedderPorts;
  readonly #onData = (chunk: Buffer) => this.#receive(chunk);
  readonly #onReady = () => this.#goOn();
  #state: State = INSIDE;
  /** Requests that were passed to the parser and are not answered. */
  #open = 0;
  #seen = 0;
  #latest: IncomingMessage | null = null;

  private constructor(socket: Socket, parse: (chunk: Buffer) => void, ports: LoadShedderPorts) {
    this.#socket = socket;
    this.#parse = (chunk) => {
      if (this.#state.name !== 'removed') parse(chunk);
    };
    this.#ports = ports;
    socket.on('data', this.#onData).on('drain', this.#onReady).on('resume', this.#onReady);
  }

  /** Takes over the `data` listener by which node:http feeds its parser. Undefined if the socket does not have exactly one. */
  static on(socket: Socket, ports: LoadShedderPorts): Valve | undefined {
    const [parse, ...more] = socket.listeners('data');
    if (parse === undefined || more.length > 0) return undefined;
    socket.removeAllListeners('data');
    return new Valve(socket, (chunk) => parse.call(socket, chunk), ports);
  }

  /** Drops the held bytes: the parser may serve another connection by now. */
  remove(): void {
    this.#enter({ name: 'removed' });
    this.#socket.off('data', this.#onData).off('drain', this.#onReady).off('resume', this.#onReady);
  }

  saw(request: IncomingMessage, response: ServerResponse): void {
    this.#open += 1;
    this.#seen += 1;
    this.#latest = request;
    response.once('close', () => {
      this.#open -= 1;
      this.#goOn();
    });
  }

  /** `removed` is a final state. */
  #enter(state: State): void {
    if (this.#state.name !== 'removed') this.#state = state;
  }

  get #isBetween(): boolean {
    const { name } = this.#state;
    return name === 'between' || name === 'holding' || name === 'cut';
  }

  /** Gives the kept bytes up to the caller. The position of the parser stays the same. */
  #release(): void {
    this.#enter(this.#isBetween ? BETWEEN : INSIDE);
  }

  #receive(chunk: Buffer): void {
    const before = this.#state;
    this.#release();
    const bytes = 'bytes' in before ? Buffer.concat([before.bytes, chunk]) : chunk;
    if (this.#isBetween && this.#open > 0) this.#hold(bytes);
    else this.#judge(bytes, before.name !== 'cut');
  }

  /** Keeps bytes until the earlier requests are answered. */
  #hold(bytes: Buffer): void {
    if (this.#state.name === 'removed') return;
    this.#enter({ name: 'holding', bytes });
    this.#socket.pause();
  }

  /** Decides what to refuse. With `mayWait`, an incomplete request is kept until more arrives. The next time the parser gets it, which has time-outs. */
  #judge(bytes: Buffer, mayWait: boolean): void {
    const { guard, isDraining } = this.#ports;
    if (guard.isCalm() || isDraining()) {
      this.#seek(bytes, false);
      return;
    }
    const { requests, isCut } = usualRequests(bytes);
    const last = requests.length - 1;
    const isLetIn = ({ kind }: UsualRequest, index: number) => guard.hasRoom(kind) || (index === last && !guard.isBusy());
    const at = this.#isBetween ? requests.findIndex(isLetIn) : Math.min(0, last);
    const refused = at < 0 && this.#isBetween ? requests.length : Math.max(0, at);
    const isTaken = this.#refuse(refused);
    const start = requests[refused - 1]?.end ?? 0;
    const rest = bytes.subarray(start);
    if (rest.length === 0) return;
    // A client that does not read its answers is not read either.
    if (!isTaken) this.#hold(rest);
    else if (at >= 0) this.#passFirst(rest, (requests[at]?.end ?? 0) - start);
    else if (isCut && mayWait && this.#isBetween) this.#enter({ name: 'cut', bytes: rest });
    else this.#seek(rest, true);
  }

  /** Passes the first request of these bytes, and keeps the others. */
  #passFirst(bytes: Buffer, end: number): void {
    const wasBetween = this.#isBetween || this.#latest?.complete === true;
    const seen = this.#seen;
    this.#parse(bytes.subarray(0, end));
    // The parser saw one request, and all of it: it understood the bytes as this valve did, and is behind them.
    const isBehindIt = wasBetween && this.#seen === seen + 1 && this.#latest?.complete === true;
    this.#enter(isBehindIt ? BETWEEN : INSIDE);
    if (end === bytes.length) return;
    if (isBehindIt) this.#hold(bytes.subarray(end));
    else this.#passMore(bytes.subarray(end));
  }

  /** Passes bytes that are not a complete usual request. If one may begin later in them, it is judged by itself. */
  #seek(bytes: Buffer, mayFind: boolean): void {
    this.#enter(INSIDE);
    const at = mayFind ? bytes.indexOf(START, 1) : -1;
    this.#parse(at < 0 ? bytes : bytes.subarray(0, at));
    if (at < 0) return;
    if (this.#latest?.complete === true && !this.#socket.isPaused()) this.#judge(bytes.subarray(at), true);
    else this.#passMore(bytes.subarray(at));
  }

  /** node:http stops reading while answers queue up, and its parser must not receive anything then. */
  #passMore(bytes: Buffer): void {
    if (this.#socket.isPaused()) this.#enter({ name: 'blocked', bytes });
    else this.#parse(bytes);
  }

  /** Returns false when the client does not read the answers. */
  #refuse(count: number): boolean {
    if (count === 0 || this.#state.name === 'removed' || !this.#socket.writable) return true;
    this.#ports.guard.refused();
    let text = '';
    for (let left = count; left > 0; left -= 1) text += this.#ports.refusalText(randomUUID());
    return this.#socket.write(text, 'latin1');
  }

  /** Called when a request was answered, bytes were sent, or the socket may be read again. */
  #goOn(): void {
    const socket = this.#socket;
    const state = this.#state;
    if (state.name === 'removed' || socket.destroyed || socket.writableNeedDrain || (this.#isBetween && this.#open > 0)) return;
    if (state.name === 'blocked' && !socket.isPaused()) this.#judgeKept(state.bytes);
    if (state.name !== 'holding') return;
    // All bytes that arrived meanwhile come as one chunk, behind the held ones.
    if (socket.read() === null) this.#judgeKept(state.bytes);
    if (this.#state.name !== 'holding') socket.resume();
  }

  #judgeKept(bytes: Buffer): void {
    this.#release();
    this.#judge(bytes, true);
  }
}
