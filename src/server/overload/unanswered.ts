/** Counts the unanswered requests of each connection. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The requests of each connection that are not answered yet. */
export class UnansweredRequests {
  readonly #ofSocket = new WeakMap<Socket, Set<ServerResponse>>();

  add({ socket }: IncomingMessage, response: ServerResponse): void {
    const open = this.#ofSocket.get(socket) ?? this.#watch(socket);
    open.add(response);
    // `close` comes once, and a second call would do no harm. `once` would wrap this function, for each request.
    response.on('close', () => open.delete(response));
  }

  /** Whether every request of the connection is answered. */
  isIdle(socket: Socket): boolean {
    return (this.#ofSocket.get(socket)?.size ?? 0) === 0;
  }

  /**
   * node:http drops the answers of a connection that it gives up by CONNECT or an upgrade. Such an answer would never emit
   * `close`, so its request would be counted for ever.
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
