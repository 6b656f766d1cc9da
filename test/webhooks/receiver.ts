// An HTTP server as a customer of the API would write one: it verifies with the Standard Webhooks library, and keeps
// what it received.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { closedAtEnd } from '../support/leftovers.ts';
import { until } from '../support/until.ts';

/** A message as it arrived, in any attempt. */
export interface Received {
  readonly path: string;
  readonly id: string;
  readonly signatures: number;
  /** Verified by the secrets that the receiver knew at the time. */
  readonly verified: boolean;
  readonly type: string;
  readonly test: boolean;
  readonly data: { readonly version: number } & Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Returns the status to answer with; any other value means that it has answered itself. */
type Answer = (got: Received, response: ServerResponse) => unknown;

export class Receiver {
  readonly got: Received[] = [];
  readonly secrets: string[] = [];
  readonly origin: string;
  answer: Answer = () => 204;
  readonly close: () => Promise<void>;

  private constructor(origin: string, close: () => Promise<void>) {
    this.origin = origin;
    this.close = close;
  }

  static async open(): Promise<Receiver> {
    const server = createServer((request, response) => void receiver.#take(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const close = closedAtEnd(async () => {
      server.closeAllConnections();
      server.close();
    });
    const receiver: Receiver = new Receiver(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, close);
    return receiver;
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const { data, test = false, type } = JSON.parse(body);
    const got: Received = {
      ...{ path: request.url ?? '', id: headers['webhook-id'] ?? '', body, type, test, data },
      signatures: (headers['webhook-signature'] ?? '').split(' ').length,
      verified: this.secrets.some((secret) => verifies(secret, body, headers)),
    };
    this.got.push(got);
    const status = await this.answer(got, response);
    if (typeof status === 'number') response.writeHead(status).end();
  }

  /** All messages at a path, as soon as there are this many. */
  at(path: string, count: number): Promise<Received[]> {
    return until(() => {
      const found = this.got.filter((one) => one.path === path);
      return found.length >= count && found;
    });
  }
}

function verifies(secret: string, body: string, headers: Record<string, string>): boolean {
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
}
