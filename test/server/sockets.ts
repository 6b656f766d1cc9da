/** WebSocket clients for tests of the server. */

import { EventEmitter } from 'node:events';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

/** Runs one operation through graphql-ws' own client: all results, then how it ended. */
export async function overSocket(
  wsUrl: string,
  payload: { query: string; operationName?: string; variables?: Record<string, unknown>; extensions?: Record<string, unknown> },
  connectionParams?: Record<string, unknown>,
): Promise<{ results: unknown[]; error?: unknown }> {
  const client = createClient({ url: wsUrl, webSocketImpl: WebSocket, retryAttempts: 0, ...(connectionParams && { connectionParams }) });
  const results: unknown[] = [];
  try {
    return await new Promise((resolve) => {
      client.subscribe(payload, {
        next: (result) => results.push(result),
        error: (error) => resolve({ results, error }),
        complete: () => resolve({ results }),
      });
    });
  } finally {
    await client.dispose();
  }
}

/** A socket that sends and receives single frames. */
export class RawSocket {
  readonly socket: WebSocket;
  readonly frames: Record<string, unknown>[] = [];
  closed: { code: number; reason: string } | null = null;
  readonly #changes = new EventEmitter();

  constructor(url: string, headers: Record<string, string> = {}) {
    this.socket = new WebSocket(url, 'graphql-transport-ws', { headers });
    this.socket.on('message', (data) => {
      this.frames.push(JSON.parse(String(data)));
      this.#changes.emit('change');
    });
    this.socket.on('close', (code, reason) => {
      this.closed = { code, reason: String(reason) };
      this.#changes.emit('change');
    });
    this.socket.on('error', () => {});
  }

  async open(): Promise<this> {
    await new Promise<void>((resolve, reject) => {
      this.socket.once('open', resolve);
      this.socket.once('error', reject);
    });
    return this;
  }

  send(frame: unknown): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  async init(payload?: Record<string, unknown>): Promise<this> {
    this.send({ type: 'connection_init', ...(payload && { payload }) });
    await this.until(() => this.closed !== null || this.frames.some(({ type }) => type === 'connection_ack'));
    return this;
  }

  subscribe(id: string, query: string, more: Record<string, unknown> = {}): void {
    this.send({ id, type: 'subscribe', payload: { query, ...more } });
  }

  /** Waits for frames, not for time. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise((resolve) => this.#changes.once('change', resolve));
  }

  of(id: string): Record<string, unknown>[] {
    return this.frames.filter((frame) => frame.id === id);
  }
}
