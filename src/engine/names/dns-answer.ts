import { decode, encode, type Answer, type DecodedPacket, type OptAnswer, type Question } from 'dns-packet'

/*
 * Threat: every program and user of this computer can send queries, and a web page can make the system's
 * resolver send them. Answers contain served names only; nothing is forwarded, and no answer is much longer
 * than its query (no amplification).
 */

/** Largest message in bytes, for queries and answers: the usual limit for UDP (RFC 9715, section 3). */
export const longestMessage = 1232
/** Limit of a resolver without EDNS (RFC 1035, section 4.2.1). */
const plainUdpBytes = 512
const headerBytes = 12
/** TTL: names may change at any time, and queries on the loopback are cheap. */
const secondsToKeep = 5

// RFC 1035, section 4.1.1; RFC 6891, section 9.
const codes = { noError: 0, malformed: 1, notImplemented: 4, refused: 5, badVersion: 16 } as const
const responseFlag = 0x8000
const opcodeMask = 0x7800
const authoritative = 0x0400
const truncated = 0x0200
const recursionDesired = 0x0100

export interface DnsQuery {
  message: Buffer
  overUdp: boolean
  /** Whether a name (in lower case, without a trailing dot) is served here. */
  serves(name: string): boolean
}

/**
 * Answers one message: loopback addresses for a served name (A and AAAA; no data for other types), a refusal
 * otherwise. Null for a fragment, and for a response, which could loop. Never throws for the contents of a
 * message.
 */
export function dnsAnswer(query: DnsQuery): Buffer | null {
  const { message } = query
  if (message.length < headerBytes || message.length > longestMessage) return null
  const flags = message.readUInt16BE(2)
  if ((flags & responseFlag) !== 0) return null
  if ((flags & opcodeMask) !== 0) return withoutQuestion(message, codes.notImplemented)
  const read = readQuery(message)
  return read ? answerTo(read, query) : withoutQuestion(message, codes.malformed)
}

interface ReadQuery {
  packet: DecodedPacket
  question: Question
  edns: OptAnswer | undefined
}

/** One question, and at most one further record per extension, as every resolver sends. */
function readQuery(message: Buffer): ReadQuery | null {
  const [questions, answers, authorities, additionals] = [4, 6, 8, 10].map((at) => message.readUInt16BE(at))
  if (questions !== 1 || answers !== 0 || authorities !== 0 || (additionals ?? 0) > 2) return null
  const packet = decoded(message)
  const [question] = packet?.questions ?? []
  if (!packet || !question || !isWritable(question, message)) return null
  const extensions = packet.additionals?.filter((each): each is OptAnswer => each.type === 'OPT') ?? []
  return extensions.length > 1 ? null : { packet, question, edns: extensions[0] }
}

function decoded(message: Buffer): DecodedPacket | null {
  try {
    return decode(message)
  } catch {
    // The library has no details about malformed messages.
    return null
  }
}

/**
 * Whether the question encodes to the received bytes. It does not for a label with a dot, non-text bytes or a
 * pointer, which no served name has.
 */
function isWritable(question: Question, message: Buffer): boolean {
  const written = encode({ type: 'query', questions: [question] }).subarray(headerBytes)
  return message.subarray(headerBytes, headerBytes + written.length).equals(written)
}

function answerTo({ packet, question, edns }: ReadQuery, { overUdp, serves }: DnsQuery): Buffer {
  const isUnknownVersion = edns !== undefined && edns.ednsVersion !== 0
  const name = question.name.toLowerCase()
  const isOurs = question.class === 'IN' && serves(name)
  const code = isUnknownVersion ? codes.badVersion : isOurs ? codes.noError : codes.refused
  const answers = code === codes.noError ? recordsOf(question) : []
  const opt: OptAnswer[] = edns
    ? [
        {
          type: 'OPT',
          name: '.',
          udpPayloadSize: longestMessage,
          extendedRcode: code >> 4,
          ednsVersion: 0,
          flags: 0,
          flag_do: false,
          options: [],
        },
      ]
    : []
  const flags =
    ((packet.flags ?? 0) & recursionDesired) | (code === codes.noError ? authoritative : 0) | (code & 0xf)
  const whole = { type: 'response' as const, id: packet.id ?? 0, questions: [question], additionals: opt }
  const answer = encode({ ...whole, flags, answers })
  const room = overUdp
    ? Math.min(longestMessage, Math.max(plainUdpBytes, edns?.udpPayloadSize ?? 0))
    : longestMessage
  return answer.length <= room ? answer : encode({ ...whole, flags: flags | truncated, answers: [] })
}

function recordsOf({ name, type }: Question): Answer[] {
  if (type === 'A') return [{ type, name, ttl: secondsToKeep, class: 'IN', data: '127.0.0.1' }]
  if (type === 'AAAA') return [{ type, name, ttl: secondsToKeep, class: 'IN', data: '::1' }]
  return []
}

/** Header only, for a message with an unreadable question. */
function withoutQuestion(message: Buffer, code: number): Buffer {
  const head = Buffer.alloc(headerBytes)
  message.copy(head, 0, 0, 2)
  head.writeUInt16BE(responseFlag | (message.readUInt16BE(2) & (opcodeMask | recursionDesired)) | code, 2)
  return head
}
