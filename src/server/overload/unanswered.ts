/** Counts the unanswered requests of each connection. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The requests of each connection that are not answered yet. */
export class UnderWay {
  readonly #ofSocket = new WeakMap<Socket, Set<ServerResponse>>();

  saw({ socket }: IncomingMessage, response: ServerResponse): void {
    const open = this.#ofSocket.get(socket) ?? this.#watch(socket);
    open.add(response);
    // Closed once, and harmless when told again: `once` would wrap this, for each request.
    response.on('close', () => open.delete(response));
  }

  /** Whether everything that was asked on the connection is answered. */
  isIdle(socket: Socket): boolean {
    return (this.#ofSocket.get(socket)?.size ?? 0) === 0;
  }

  /**
   * node:http forgets the answers of a connection that leaves it by CONNECT or an upgrade: they would never be closed, and
   * whatever is counted until then would be counted for ever.
   */
  #watch(socket: Socket): Set<ServerResponse> {
    const open = new Set<ServerResponse>();
    this.#ofSocket.set(socket, open);
    socket.once('close', () => {
      for (const response of open) response.emit('close');
    });
    return open;
  }
}
