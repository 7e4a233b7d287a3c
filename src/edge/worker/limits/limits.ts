/** Limits for one peer. Times in milliseconds, sizes in bytes. */
export interface Limits {
  handshakeMs: number
  /** Timeout from a head's first byte (or the connection's start) to its last. */
  headMs: number
  keepAliveMs: number
  /** Allowed lag of a request body behind its minimum rate, so also its longest pause. */
  bodyPauseMs: number
  /** The same while others wait for the origin that it holds. */
  contendedBodyMs: number
  /** Average bytes per second; 0 for no minimum. */
  minRequestRate: number
  /** Allowed lag of a client in reading its response, so also its longest pause. */
  writeStallMs: number
  /** The same while others wait for the origin that it holds. */
  contendedStallMs: number
  /** Average bytes per second; 0 for no minimum. */
  minResponseRate: number
  /** Time that a closing connection may go on sending before it is cut. */
  lingerMs: number
  connectMs: number
  /** Timeout from the request's last byte to the response's head. */
  responseMs: number
  /** Longest silence within a response body. */
  responsePauseMs: number
  tunnelIdleMs: number
  /** Shorter than the 5 s after which Node origins close idle connections. */
  pooledIdleMs: number
  headBytes: number
  headerFields: number
  informationalResponses: number
  /** On all addresses and both ports together, and at most half of the descriptors that the process may have. */
  clientConnections: number
  connectionsPerOrigin: number
  /** HTTP/2 sessions to one origin, and streams in each. */
  sessionsPerOrigin: number
  streamsPerSession: number
  /** Idle timeout of an HTTP/2 session without streams. */
  sessionIdleMs: number
  /** Silence before a PING to an origin with open streams; gRPC servers reject more than one in 5 minutes. */
  pingAfterMs: number
  pingAnswerMs: number
  /** Time for which an origin without HTTP/2 is remembered as HTTP/1.1. */
  http1RememberedMs: number
  waitingPerOrigin: number
  concurrentStreams: number
  tickMs: number
}

export const defaultLimits: Limits = {
  handshakeMs: 10_000,
  headMs: 30_000,
  keepAliveMs: 75_000,
  bodyPauseMs: 60_000,
  contendedBodyMs: 5_000,
  // Same as Kestrel's MinRequestBodyDataRate and MinResponseDataRate.
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
