/** Every limit of the request handlers, with its default. */

/** The limits of exports. */
export interface ExportLimits {
  /** Exports sent at once; each holds a connection to the database. */
  readonly exports: number;
  /** Exports of one tenant sent at once. */
  readonly exportsPerTenant: number;
  /** A reader that takes nothing for this long is dropped. Milliseconds. */
  readonly exportStallMs: number;
  /** An export ends after this, however fast its reader is. Milliseconds. */
  readonly exportMs: number;
  readonly retryAfterSeconds: number;
}

/** The limits, which are the same for every handler. Sizes are in bytes, times in milliseconds. */
export interface Limits extends ExportLimits {
  /** The body of a request, or one WebSocket message. */
  readonly bodyBytes: number;
  /** `bodyBytes` for a signed-in client whose operation selects only `largeBodyFields`: 1,000 transfers in variables fit. */
  readonly largeBodyBytes: number;
  readonly largeBodyFields: readonly string[];
  /** Total bytes of all bodies being received or answered, and of the incomplete messages of all sockets. */
  readonly pendingBodyBytes: number;

  /** Answers of this length or more are compressed for clients that accept it. The answer to a transfer is shorter. */
  readonly compressFromBytes: number;

  /** Lexical tokens of a document; the introspection query has 190, and 2,000 are validated in milliseconds at worst. */
  readonly documentTokens: number;
  /** Nested selections, fragments flattened. Below `__schema`, graphql-js has a limit of its own. */
  readonly documentDepth: number;
  readonly documentAliases: number;
  readonly documentDirectives: number;
  /** Fields selected by a document's operations, including those in fragments. */
  readonly documentFields: number;
  /** Pairs of fields with the same response name in the same selection, which validation compares. */
  readonly documentOverlaps: number;
  /** How many times the full introspection query of GraphiQL and code generators one operation may request. */
  readonly introspections: number;
  /** Tokens of all parsed documents in the cache (a token costs about 400 bytes at worst). */
  readonly cachedDocumentTokens: number;
  /** An operation is compiled at this many uses by signed-in clients over JSON; Infinity: never. Compiling costs milliseconds. */
  readonly compileAfter: number;
  /** Compiled operations in the cache. */
  readonly compiledOperations: number;

  /** TCP connections, WebSockets included. */
  readonly connections: number;
  /** HTTP requests received and not answered yet. */
  readonly unansweredRequests: number;
  /** New requests are refused unread when the median turn of the event loop in the last 250 ms took longer. */
  readonly eventLoopDelayMs: number;
  /** When over half of the answers of the last 250 ms took longer, the requests in flight are limited to the answers in this time. */
  readonly answerWithinMs: number;
  /** Whether requests are refused before they are parsed while the server is overloaded. */
  readonly refuseUnparsed: boolean;
  readonly retryAfterSeconds: number;
  readonly headersTimeoutMs: number;
  /** For a whole request, headers and body; and for a WebSocket message, from its first buffered byte to its last. */
  readonly requestTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;

  /** WebSockets and event streams, per IPv4 address or IPv6 /64. */
  readonly socketsPerAddress: number;
  /** Unfinished operations on one WebSocket. */
  readonly operationsPerSocket: number;
  /** Frames of any kind: each frame of a fragmented message counts, and so does each ping. */
  readonly messagesPerSecond: number;
  readonly connectionInitTimeoutMs: number;
  readonly pingIntervalMs: number;
  /** A socket that neither answers nor takes bytes for this long is dropped. */
  readonly stalledSocketMs: number;
  /** While more than this waits to be sent, the socket's operations get no further results. */
  readonly socketBufferBytes: number;
  /** How often the sessions of open sockets are checked against the database, together. */
  readonly sessionRecheckMs: number;

  /** How long a drain waits for what was accepted. */
  readonly drainMs: number;
}

export const DEFAULT_LIMITS: Limits = {
  bodyBytes: 100_000,
  largeBodyBytes: 600_000,
  largeBodyFields: ['transferCreditsBatch'],
  pendingBodyBytes: 64_000_000,
  compressFromBytes: 2_000,

  documentTokens: 2_000,
  documentDepth: 15,
  documentAliases: 50,
  documentDirectives: 50,
  documentFields: 2_000,
  documentOverlaps: 1_000,
  introspections: 1.1,
  cachedDocumentTokens: 100_000,
  compileAfter: 5,
  compiledOperations: 256,

  connections: 20_000,
  unansweredRequests: 2_000,
  eventLoopDelayMs: 250,
  answerWithinMs: 250,
  refuseUnparsed: true,
  retryAfterSeconds: 1,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  keepAliveTimeoutMs: 65_000,

  socketsPerAddress: 256,
  operationsPerSocket: 100,
  messagesPerSecond: 200,
  connectionInitTimeoutMs: 5_000,
  pingIntervalMs: 15_000,
  stalledSocketMs: 60_000,
  socketBufferBytes: 256_000,
  sessionRecheckMs: 5_000,

  exports: 3,
  exportsPerTenant: 2,
  exportStallMs: 30_000,
  exportMs: 600_000,

  drainMs: 10_000,
};
