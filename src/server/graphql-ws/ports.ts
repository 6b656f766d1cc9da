/** What the WebSocket handler needs from the server. */

import type { Actor } from '../../kernel/actor.ts';
import type { Logger } from '../../kernel/log.ts';
import type { OpenConnections } from '../connections.ts';
import type { HandlerPorts } from '../doors/json.ts';
import type { Load } from '../http/body.ts';
import type { ExchangePolicy } from '../http/exchange.ts';
import type { Tracing } from '../tracing.ts';

export interface WsHandlerPorts extends HandlerPorts, ExchangePolicy {
  authenticate(token: string): Actor | null | Promise<Actor | null>;
  readonly connections: OpenConnections;
  /** The bytes of incomplete messages count like those of bodies. */
  readonly load: Load;
  readonly isBusy: () => boolean;
  readonly log: Logger;
  /** null: durations of operations are not recorded. */
  readonly tracing: Tracing | null;
}
