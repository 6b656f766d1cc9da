/** Every limit of the doors, with its default. */

/** The limits of exports. */
export interface ExportLimits {
  /** Exports sent at once; each holds a connection to the database. */
  readonly exports: number;
  /** Of these, of one tenant. */
  readonly exportsPerTenant: number;
  /** A reader that takes nothing for this long is dropped. Milliseconds. */
  readonly exportStallMs: number;
  /** However well it reads, an export ends after this. Milliseconds. */
  readonly exportMs: number;
  readonly retryAfterSeconds: number;
}

/** What the doors refuse to exceed. The same limits hold on every door; sizes are bytes, times milliseconds. */
export interface Limits extends ExportLimits {
  /** The body of a request, or one WebSocket message. */
  readonly bodyBytes: number;
  /** The same for a signed-in client whose operation selects nothing but `largeBodyFields`: 1,000 transfers in variables fit. */
  readonly largeBodyBytes: number;
  readonly largeBodyFields: readonly string[];
  /** Bodies being received or answered, and what sockets hold of messages that have not ended, all together. */
  readonly pendingBodyBytes: number;

  /** Answers of this length or more are compressed for clients that take that; a transfer's own answer is shorter. */
  readonly compressFromBytes: number;

  /** Lexical tokens of a document; the introspection query has 190, and 2,000 are validated in milliseconds at worst. */
  readonly documentTokens: number;
  /** Nested selections, fragments flattened; below `__schema` graphql-js limits what matters. */
  readonly documentDepth: number;
  readonly documentAliases: number;
  readonly documentDirectives: number;
  /** Fields selected by a document's operations, fragments followed. */
  readonly documentFields: number;
  /** Pairs of fields of one response name in one place, which the language's rules compare. */
  readonly documentOverlaps: number;
  /** Of the full introspection query of GraphiQL and code generators: how often an operation may ask for as much. */
  readonly introspections: number;
  /** Parsed documents are kept up to this many tokens in all (a token costs about 400 bytes at worst). */
  readonly cachedDocumentTokens: number;
  /** At this many uses by signed-in clients of the JSON door an operation is compiled; Infinity: never. Compiling costs milliseconds. */
  readonly compileAfter: number;
  /** Compiled operations kept. */
  readonly compiledOperations: number;

  /** TCP connections, WebSockets included. */
  readonly connections: number;
  /** HTTP requests received and not answered yet. */
  readonly unansweredRequests: number;
  /** When half of the last quarter second's turns of the event loop took longer, new requests are refused before they are read. */
  readonly eventLoopDelayMs: number;
  /** When half of the last quarter second's answers took longer, no more requests are under way than were answered in this time. */
  readonly answerWithinMs: number;
  /** Whether, while the server is behind, requests are refused before they are parsed. */
  readonly refuseUnparsed: boolean;
  readonly retryAfterSeconds: number;
  readonly headersTimeoutMs: number;
  /** The whole request, headers and body; and a WebSocket message, from its first byte held to its last. */
  readonly requestTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;

  /** WebSockets and event streams, per IPv4 address or IPv6 /64. */
  readonly socketsPerAddress: number;
  /** Unfinished operations on one WebSocket. */
  readonly operationsPerSocket: number;
  /** Frames of any kind: a message in parts counts as often as it has parts, and pings count too. */
  readonly messagesPerSecond: number;
  readonly connectionInitTimeoutMs: number;
  readonly pingIntervalMs: number;
  /** A socket that neither answers nor takes bytes for this long is dropped. */
  readonly stalledSocketMs: number;
  /** While more than this waits to be sent, no operation of the socket is given its next result. */
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
