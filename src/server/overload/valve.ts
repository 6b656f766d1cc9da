/** Refuses usual requests before they are parsed while the server is overloaded. */

import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type Kind, kindOf, type OverloadGuard } from './guard.ts';

/** Requests as every client of an API sends them, and nothing that two readers could understand differently. */
const START = 'POST /graphql HTTP/1.1\r\n';
const END_OF_HEAD = '\r\n\r\n';
const HEAD = /POST \/graphql HTTP\/1\.1\r\n(?:[\w-]+:[\t\x20-\x7e]*\r\n)+\r\n/y;
/** What the gate has to look at, or what frames a body in another way. */
const UNUSUAL = /\r\n(?:transfer-encoding|upgrade|expect|origin):|\r\nconnection:(?! *keep-alive\r\n)/i;
const LENGTHS = /\r\ncontent-length:[^\r]*/gi;
const LENGTH = /: *(\d{1,7})$/;
const CREDENTIALS = /\r\n(?:authorization|cookie):/i;

/** A request that was found whole: what it is, and where the next begins. */
interface Asked {
  readonly kind: Kind;
  readonly end: number;
}

/** The usual requests that a chunk begins with, each from its first byte to its last, and whether it ends in the middle of one. */
export function usualRequests(chunk: Buffer): { readonly asked: readonly Asked[]; readonly isCut: boolean } {
  const text = chunk.toString('latin1');
  const asked: Asked[] = [];
  for (let start = 0; start < text.length; ) {
    HEAD.lastIndex = start;
    const head = HEAD.exec(text)?.[0];
    if (head === undefined) return { asked, isCut: !text.includes(END_OF_HEAD, start) };
    if (UNUSUAL.test(head)) return { asked, isCut: false };
    const lengths = head.match(LENGTHS);
    const length = lengths?.length === 1 ? LENGTH.exec(lengths[0])?.[1] : undefined;
    if (length === undefined) return { asked, isCut: false };
    const bodyAt = start + head.length;
    const end = bodyAt + Number(length);
    if (end > text.length) return { asked, isCut: true };
    asked.push({ kind: kindOf(text.slice(bodyAt, end), CREDENTIALS.test(head)), end });
    start = end;
  }
  return { asked, isCut: false };
}

export interface Shed {
  /** To be told of every request before it is answered. */
  saw(request: IncomingMessage, response: ServerResponse): void;
}

export interface ShedPorts {
  readonly guard: Pick<OverloadGuard, 'isCalm' | 'isBusy' | 'hasRoom' | 'refused'>;
  readonly isDraining: () => boolean;
  /** The answer that refuses, as it travels, by its request's id. */
  readonly refusalText: (requestId: string) => string;
}

/**
 * Refuses on the socket what would be refused anyway. To parse a request and to answer it takes node:http a fifth of what
 * it takes to serve it: at four times the load there is capacity for, little would be left for what was let in. So a
 * connection that was asked something while the server is busy gets a valve between its socket and node:http's parser.
 */
export function createShed(server: Server, ports: ShedPorts): Shed {
  const valves = new Map<Socket, Valve>();

  // Whoever upgrades reads the socket from now on, and the parser serves another connection.
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

/** Where the parser stands, and what was read and not given to it yet. */
type State =
  /** It may be in the middle of a request: what comes next is its own. */
  | { readonly name: 'inside' }
  /** It stands between two requests: what comes next may be judged. */
  | { readonly name: 'between' }
  /** As `between`, and these bytes wait for the answer to what came before; the socket is not read. */
  | { readonly name: 'holding'; readonly bytes: Buffer }
  /** As `between`, and these bytes begin a request whose rest has not come. */
  | { readonly name: 'cut'; readonly bytes: Buffer }
  /** As `inside`, and node:http has stopped reading, because answers queue up. */
  | { readonly name: 'blocked'; readonly bytes: Buffer }
  /** The socket is somebody else's. */
  | { readonly name: 'removed' };

const INSIDE: State = { name: 'inside' };
const BETWEEN: State = { name: 'between' };

/**
 * Between a socket and its parser. While the server is behind, a connection has one request under way: what came behind
 * it meanwhile is refused but for the last, which is let in if there is room. Nothing is refused here but where the parser
 * surely stands between two requests and everything it was given is answered: answers keep their order, and no byte is
 * taken for the beginning of a request that the parser takes for the middle of one.
 */
class Valve {
  readonly #socket: Socket;
  readonly #parse: (chunk: Buffer) => void;
  readonly #ports: ShedPorts;
  readonly #onData = (chunk: Buffer) => this.#receive(chunk);
  readonly #onReady = () => this.#goOn();
  #state: State = INSIDE;
  /** Given to the parser and not answered. */
  #open = 0;
  #seen = 0;
  #latest: IncomingMessage | null = null;

  private constructor(socket: Socket, parse: (chunk: Buffer) => void, ports: ShedPorts) {
    this.#socket = socket;
    this.#parse = (chunk) => {
      if (this.#state.name !== 'removed') parse(chunk);
    };
    this.#ports = ports;
    socket.on('data', this.#onData).on('drain', this.#onReady).on('resume', this.#onReady);
  }

  /** node:http gives its parser what the socket's `data` brings, once somebody listens to it; undefined where it does not. */
  static on(socket: Socket, ports: ShedPorts): Valve | undefined {
    const [parse, ...more] = socket.listeners('data');
    if (parse === undefined || more.length > 0) return undefined;
    socket.removeAllListeners('data');
    return new Valve(socket, (chunk) => parse.call(socket, chunk), ports);
  }

  /** What is held is nobody's any more, and the parser may be another connection's. */
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

  /** Nothing leads back from `removed`. */
  #enter(state: State): void {
    if (this.#state.name !== 'removed') this.#state = state;
  }

  get #isBetween(): boolean {
    const { name } = this.#state;
    return name === 'between' || name === 'holding' || name === 'cut';
  }

  /** Of the bytes that were kept another part takes over, and the parser stands where it stood. */
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

  /** Until what was asked before is answered. */
  #hold(bytes: Buffer): void {
    if (this.#state.name === 'removed') return;
    this.#enter({ name: 'holding', bytes });
    this.#socket.pause();
  }

  /** `mayWait`: a request that is cut off may be kept until more comes. The second time the parser gets it, which has time-outs. */
  #judge(bytes: Buffer, mayWait: boolean): void {
    const { guard, isDraining } = this.#ports;
    if (guard.isCalm() || isDraining()) {
      this.#seek(bytes, false);
      return;
    }
    const { asked, isCut } = usualRequests(bytes);
    const last = asked.length - 1;
    const isLetIn = ({ kind }: Asked, index: number) => guard.hasRoom(kind) || (index === last && !guard.isBusy());
    const at = this.#isBetween ? asked.findIndex(isLetIn) : Math.min(0, last);
    const refused = at < 0 && this.#isBetween ? asked.length : Math.max(0, at);
    const isTaken = this.#refuse(refused);
    const start = asked[refused - 1]?.end ?? 0;
    const rest = bytes.subarray(start);
    if (rest.length === 0) return;
    // Who does not take the answers is not read.
    if (!isTaken) this.#hold(rest);
    else if (at >= 0) this.#passFirst(rest, (asked[at]?.end ?? 0) - start);
    else if (isCut && mayWait && this.#isBetween) this.#enter({ name: 'cut', bytes: rest });
    else this.#seek(rest, true);
  }

  /** Passes the request that these bytes begin with, and keeps the others. */
  #passFirst(bytes: Buffer, end: number): void {
    const wasBetween = this.#isBetween || this.#latest?.complete === true;
    const seen = this.#seen;
    this.#parse(bytes.subarray(0, end));
    // One request, and all of it: the parser understood it as we did, and stands behind it.
    const isBehindIt = wasBetween && this.#seen === seen + 1 && this.#latest?.complete === true;
    this.#enter(isBehindIt ? BETWEEN : INSIDE);
    if (end === bytes.length) return;
    if (isBehindIt) this.#hold(bytes.subarray(end));
    else this.#passMore(bytes.subarray(end));
  }

  /** Passes what is no whole usual request; where one may begin behind it, that is judged by itself. */
  #seek(bytes: Buffer, mayFind: boolean): void {
    this.#enter(INSIDE);
    const at = mayFind ? bytes.indexOf(START, 1) : -1;
    this.#parse(at < 0 ? bytes : bytes.subarray(0, at));
    if (at < 0) return;
    if (this.#latest?.complete === true && !this.#socket.isPaused()) this.#judge(bytes.subarray(at), true);
    else this.#passMore(bytes.subarray(at));
  }

  /** node:http stops reading while answers queue up, and its parser must not be given anything then. */
  #passMore(bytes: Buffer): void {
    if (this.#socket.isPaused()) this.#enter({ name: 'blocked', bytes });
    else this.#parse(bytes);
  }

  /** False when the answers are not taken. */
  #refuse(count: number): boolean {
    if (count === 0 || this.#state.name === 'removed' || !this.#socket.writable) return true;
    this.#ports.guard.refused();
    let text = '';
    for (let left = count; left > 0; left -= 1) text += this.#ports.refusalText(randomUUID());
    return this.#socket.write(text, 'latin1');
  }

  /** Something was answered, or sent, or may be read again. */
  #goOn(): void {
    const socket = this.#socket;
    const state = this.#state;
    if (state.name === 'removed' || socket.destroyed || socket.writableNeedDrain || (this.#isBetween && this.#open > 0)) return;
    if (state.name === 'blocked' && !socket.isPaused()) this.#judgeKept(state.bytes);
    if (state.name !== 'holding') return;
    // All that came meanwhile comes as one chunk, behind what is held.
    if (socket.read() === null) this.#judgeKept(state.bytes);
    if (this.#state.name !== 'holding') socket.resume();
  }

  #judgeKept(bytes: Buffer): void {
    this.#release();
    this.#judge(bytes, true);
  }
}
