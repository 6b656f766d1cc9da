/** The simplest WebSocket broadcast, as a baseline for deliveries. */

import { once } from 'node:events';
import { WebSocket, WebSocketServer } from 'ws';
import { serveSockets } from '../socket-server.ts';
import { eventOf } from '../subscription-schema.ts';

/** The broadcast from ws' documentation: no protocol, no accounts, the same text to every socket. */
serveSockets(async () => {
  const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(sockets, 'listening');
  const address = sockets.address();
  if (address === null || typeof address === 'string') throw new Error('ws does not listen');
  return {
    port: address.port,
    publish(changes) {
      for (const change of changes) {
        const frame = JSON.stringify({ id: '1', type: 'next', payload: { data: eventOf(change) } });
        for (const client of sockets.clients) if (client.readyState === WebSocket.OPEN) client.send(frame);
      }
    },
    subscribers: () => sockets.clients.size,
  };
});
