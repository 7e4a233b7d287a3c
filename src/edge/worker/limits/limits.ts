/** What one peer may take of the edge. Times in milliseconds, sizes in bytes. */
export interface Limits {
  handshakeMs: number
  /** From a head's first byte (or the connection's start) to its last. */
  headMs: number
  keepAliveMs: number
  /** How far a request body may fall behind its least rate, so also its longest pause. */
  bodyPauseMs: number
  /** The same while others wait for the origin that it holds. */
  contendedBodyMs: number
  /** Bytes a second, on average; 0 for any. */
  minRequestRate: number
  /** How far a client may fall behind in taking what was written to it, so also how long it may take nothing. */
  writeStallMs: number
  /** The same while others wait for the origin that it holds. */
  contendedStallMs: number
  /** Bytes a second, on average; 0 for any. */
  minResponseRate: number
  /** How long a connection that we close may go on sending before it is cut. */
  lingerMs: number
  connectMs: number
  /** From the request's last byte to the response's head. */
  responseMs: number
  /** Longest silence within a response body. */
  responsePauseMs: number
  tunnelIdleMs: number
  /** Shorter than the 5 s after which Node origins close idle connections. */
  pooledIdleMs: number
  headBytes: number
  headerFields: number
  informationalResponses: number
  clientConnections: number
  connectionsPerOrigin: number
  /** HTTP/2 sessions to one origin, and streams in each. */
  sessionsPerOrigin: number
  streamsPerSession: number
  /** How long an HTTP/2 session is kept without a stream. */
  sessionIdleMs: number
  /** Silence after which an origin with open streams is asked whether it is there; gRPC servers mind being asked more often than every five minutes. */
  pingAfterMs: number
  pingAnswerMs: number
  /** How long an origin that did not offer HTTP/2 is taken for one of HTTP/1.1. */
  http1RememberedMs: number
  waitingPerOrigin: number
  concurrentStreams: number
  /** How often deadlines are looked at. */
  tickMs: number
}

export const defaultLimits: Limits = {
  handshakeMs: 10_000,
  headMs: 30_000,
  keepAliveMs: 75_000,
  bodyPauseMs: 60_000,
  contendedBodyMs: 5_000,
  // As Kestrel's MinRequestBodyDataRate and MinResponseDataRate.
  minRequestRate: 240,
  writeStallMs: 300_000,
  contendedStallMs: 30_000,
  minResponseRate: 240,
  lingerMs: 2_000,
  connectMs: 10_000,
  responseMs: 120_000,
  responsePauseMs: 600_000,
  tunnelIdleMs: 3_600_000,
  pooledIdleMs: 4_000,
  headBytes: 64 * 1024,
  headerFields: 256,
  informationalResponses: 16,
  clientConnections: 10_000,
  connectionsPerOrigin: 512,
  sessionsPerOrigin: 8,
  streamsPerSession: 256,
  sessionIdleMs: 60_000,
  pingAfterMs: 310_000,
  pingAnswerMs: 20_000,
  http1RememberedMs: 300_000,
  waitingPerOrigin: 2_048,
  concurrentStreams: 128,
  tickMs: 1_000,
}
