import type { Fields } from '../http/fields.ts'
import type { MessageHead } from '../http/http-parser.ts'
import { hopFields } from '../http/response-fields.ts'

/** Reason for a missing or incomplete response of an origin. */
export type UpstreamFailure =
  | { kind: 'unresolved' | 'refused' | 'unreachable' | 'certificate' | 'tls'; code: string }
  /** `isUnprocessed`: not sent, or reported by the origin as not processed (RFC 9113, section 8.7). */
  | { kind: 'closed' | 'malformed'; code: string; isUnprocessed?: boolean }
  /** The origin's folder is unreadable. */
  | { kind: 'folder'; code: string }
  /** The request has no form in the origin's protocol. */
  | { kind: 'unsendable'; code: string }
  /** Internal error with its message as `code`, already reported. */
  | { kind: 'fault'; code: string }
  | { kind: 'connect-timeout' | 'response-timeout' | 'busy'; code: string }

export interface ResponseHead {
  status: number
  reason: string
  headers: Fields
  /** Indexes of fields that are not passed on; see `hopFields`. */
  hop: readonly number[]
  /** Content-Length; -1 without it. For HEAD and 304 it is the length of the omitted body. */
  contentLength: number
  hasBody: boolean
}

/**
 * Receiver of one response. Chunks are views of a buffer that all upstream sockets share: they are valid
 * until `flush` has returned, so `flush` must have written or copied them.
 */
export interface ResponseSink {
  readonly isHead: boolean
  readonly wantsUpgrade: boolean
  /** Same as in `UpstreamWaiter`. */
  readonly claimant: object
  onInformational(head: MessageHead): void
  onHead(head: ResponseHead): void
  /** The protocol was switched; further data belongs to the new one. */
  onSwitch(head: MessageHead): void
  onData(chunk: Buffer): void
  onEnd(trailers: string[]): void
  /** End of one read. False: read no more until `resume`. */
  flush(): boolean
  /** All written bytes have been sent. */
  onDrain(): void
  onFailure(failure: UpstreamFailure): void
}

/** Parses the framing of a response (RFC 9112, section 6.3), or returns the problem with it. */
export function readResponseHead(head: MessageHead, isHead: boolean): ResponseHead | string {
  // Clients cannot interpret other statuses (RFC 9110, section 15), and the HTTP/2 API cannot send them.
  if (head.status > 599) return 'Its status is not a valid HTTP status'
  let contentLength = -1
  let transferEncoding: string | null = null
  const { headers } = head
  const hop = hopFields(headers)
  for (const at of hop) {
    if (headers.isNamed(at, 'content-length')) {
      const value = headers.value(at).trim()
      if (!lengthPattern.test(value)) return 'Its Content-Length is malformed'
      contentLength = Number(value)
    } else if (headers.isNamed(at, 'transfer-encoding')) {
      if (transferEncoding !== null) return 'It has two Transfer-Encoding fields'
      transferEncoding = headers.value(at).trim().toLowerCase()
    }
  }
  if (transferEncoding !== null && transferEncoding !== 'chunked') return 'Its Transfer-Encoding is unknown'
  // Faulty framing (RFC 9112, section 6.1): other clients would read until the connection closes.
  if (transferEncoding !== null && head.minorVersion === 0) return 'It has a Transfer-Encoding in HTTP/1.0'
  const hasBody = !isHead && head.status !== 204 && head.status !== 304
  return {
    status: head.status,
    reason: reasonPattern.test(head.reason) ? head.reason : '',
    headers,
    hop,
    contentLength: head.status === 204 ? -1 : contentLength,
    hasBody,
  }
}

export function hasField(headers: Fields, name: string): boolean {
  for (let at = 0; at < headers.count; at += 1) if (headers.isNamed(at, name)) return true
  return false
}

const lengthPattern = /^\d{1,15}$/
const reasonPattern = /^[\t\x20-\x7e\x80-\xff]*$/
