import { originTimeouts } from '../../../domain/origin-timeouts.ts'

/** Limits for one peer. Times in milliseconds, sizes in bytes. */
export const defaultLimits = {
  handshakeMs: 10_000,
  /** Timeout from a head's first byte (or the connection's start) to its last. */
  headMs: 30_000,
  keepAliveMs: 75_000,
  /** Allowed lag of a request body behind its minimum rate, so also its longest pause. */
  bodyPauseMs: 60_000,
  /** The same while others wait for the origin that it holds. */
  contendedBodyMs: 5_000,
  /** Average bytes per second; 0 for no minimum. Same as Kestrel's MinRequestBodyDataRate. */
  minRequestRate: 240,
  /** Allowed lag of a client in reading its response, so also its longest pause. */
  writeStallMs: 300_000,
  /** The same while others wait for the origin that it holds. */
  contendedStallMs: 30_000,
  /** Average bytes per second; 0 for no minimum. Same as Kestrel's MinResponseDataRate. */
  minResponseRate: 240,
  /** Time that a closing connection may go on sending before it is cut. */
  lingerMs: 2_000,
  connectMs: originTimeouts.connectSeconds * 1000,
  /** Timeout from the request's last byte to the response's head. */
  responseMs: originTimeouts.responseSeconds * 1000,
  /** Longest silence within a response body. */
  responsePauseMs: 600_000,
  tunnelIdleMs: 3_600_000,
  /** Shorter than the 5 s after which Node origins close idle connections. */
  pooledIdleMs: 4_000,
  headBytes: 64 * 1024,
  headerFields: 256,
  informationalResponses: 16,
  /** On all addresses and both ports together, and at most half of the descriptors that the process may have. */
  clientConnections: 10_000,
  connectionsPerOrigin: 512,
  /** HTTP/2 sessions to one origin, and streams in each. */
  sessionsPerOrigin: 8,
  streamsPerSession: 256,
  /** Idle timeout of an HTTP/2 session without streams. */
  sessionIdleMs: 60_000,
  /** Silence before a PING to an origin with open streams; gRPC servers reject more than one in 5 minutes. */
  pingAfterMs: 310_000,
  pingAnswerMs: 20_000,
  /** Time for which an origin without HTTP/2 is remembered as HTTP/1.1. */
  http1RememberedMs: 300_000,
  waitingPerOrigin: 2_048,
  concurrentStreams: 128,
  tickMs: 1_000,
}

export type Limits = typeof defaultLimits
