/**
 * Everything that a peer of HTTP/2 could make large, many or endless, with its bound. A bound that is passed
 * ends the stream or the connection (ENHANCE_YOUR_CALM), never the worker. Bounds of heads, concurrent streams
 * and times are those of `limits.ts`.
 */
export const bounds = {
  /** Bytes of a frame, in both directions: the protocol's minimum, and the size of a TLS record. */
  frameBytes: 16_384,
  /** Payload of our DATA, which fills one TLS record together with its frame's head. */
  dataBytes: 16_384 - 9,
  /** Bytes of the tables of HPACK, of which each direction has one: the protocol's default. */
  tableBytes: 4_096,
  /**
   * CONTINUATION frames of one block: four full ones carry the largest head; clients that send small ones
   * need no more than this. Without it a block of empty ones never ends (CVE-2024-27316).
   */
  continuations: 32,
  /** Receive window of a stream at its beginning; the most that one waiting stream occupies. */
  streamWindow: 256 * 1024,
  /** The same after it has grown by doubling, for a stream whose receiver has never made it wait. */
  mostStreamWindow: 4 * 1024 * 1024,
  /** Receive window of the connection: the most that all waiting streams occupy together. */
  connectionWindow: 8 * 1024 * 1024,
  /**
   * Open streams up to which each may read 1 MiB of an origin at once; those of a connection with more read
   * 64 KiB. What was read waits for the client.
   */
  largeReads: 8,
  /** Bytes that wait for a peer's windows, of all streams: twice the most that such reads bring. */
  queuedBytes: 32 * 1024 * 1024,
  /** Bytes of one write, at first and at most: see `Sender`. */
  leastTurnBytes: 128 * 1024,
  mostTurnBytes: 1024 * 1024,
  /** Bytes of unread answers, besides DATA, at which the peer's frames are no longer read. */
  unreadBytes: 256 * 1024,
  /**
   * Streams that the peer resets, or that it makes us reset by breaking the rules on them: leaving a page
   * cancels its requests, but repeated without end it makes us work for nothing (CVE-2023-44487,
   * CVE-2025-8671). At once, and each second after that.
   */
  resets: { burst: 200, perSecond: 50 },
  /**
   * Frames without content: PING, SETTINGS, PRIORITY, small WINDOW_UPDATE, empty DATA, unknown types, streams
   * above the limit (CVE-2019-9512, -9513, -9515, -9518). Frames that we send earn more of them, because peers
   * measure and widen while they receive.
   */
  idleFrames: { burst: 2_000, perSecond: 200 },
  /** Cost of a SETTINGS among them: each stream's window may change. */
  settingsCost: 10,
  /** Settings in one frame: each may change all windows. nghttp2 accepts as many. */
  settings: 32,
  /** WINDOW_UPDATE below this many bytes is among them. */
  smallUpdate: 1_024,
  /**
   * DATA below this many bytes is gathered until the end of a read: passed on alone, each byte would cost a
   * write to the origin.
   */
  smallPiece: 1_024,
  /** Closed streams that are remembered, to tell frames that were under way from breaches. */
  closedStreams: 128,
}
