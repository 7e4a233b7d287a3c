/** RFC 9113, section 6; RFC 9218, section 7.1. */
export const frameTypes = {
  data: 0,
  headers: 1,
  priority: 2,
  reset: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
  continuation: 9,
  priorityUpdate: 16,
} as const

export const flags = { endStream: 0x1, ack: 0x1, endHeaders: 0x4, padded: 0x8, priority: 0x20 } as const

/** RFC 9113, section 7. */
export const errorCodes = {
  none: 0,
  protocol: 1,
  internal: 2,
  flowControl: 3,
  streamClosed: 5,
  frameSize: 6,
  refusedStream: 7,
  cancel: 8,
  compression: 9,
  calm: 11,
} as const

export type ErrorCode = (typeof errorCodes)[keyof typeof errorCodes]

/** Breach of the protocol that ends the connection (RFC 9113, section 5.4.1). */
export class ConnectionError extends Error {
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

export const frameHeadBytes = 9
export const highestStreamId = 2 ** 31 - 1
export const largestWindow = 2 ** 31 - 1
/** Windows before any SETTINGS (RFC 9113, section 6.9.2). */
export const defaultWindow = 65_535
export const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1')
