/** What one peer may take of the edge. Times in milliseconds, sizes in bytes. */
export interface Limits {
  handshakeMs: number
  /** From a head's first byte (or the connection's start) to its last. */
  headMs: number
  keepAliveMs: number
  /** Longest pause within a request body. */
  bodyPauseMs: number
  /** Longest time a client may take to accept what was written to it. */
  writeStallMs: number
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
  writeStallMs: 300_000,
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
  waitingPerOrigin: 2_048,
  concurrentStreams: 128,
  tickMs: 1_000,
}
