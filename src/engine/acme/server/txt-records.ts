import { randomInt } from 'node:crypto'
import type { Socket } from 'node:net'
import { type Packet, streamDecode, streamEncode } from 'dns-packet'
import { responseCodes } from '../client/dns-message.ts'
import { connectToOwn, loopback, unreachable } from './own-connection.ts'
import { AcmeProblem } from './problem.ts'

/** Two octets of length and the longest message (RFC 1035, section 4.2.2). */
const longestMessage = 2 + 65_535
/** RFC 1035, section 4.1.1. */
const recursionDesired = 0x0100

/**
 * TXT records from the user's DNS server over TCP: a datagram does not identify its sender, and another user
 * can bind a UDP port in use with SO_REUSEADDR.
 * @throws `AcmeProblem`
 */
export async function textRecords(name: string, port: number): Promise<string[]> {
  const id = randomInt(65_536)
  const socket = await connectToOwn(port)
  try {
    socket.write(
      streamEncode({ type: 'query', id, flags: recursionDesired, questions: [{ type: 'TXT', name }] }),
    )
    return recordsIn(await messageFrom(socket), { id, name, port })
  } catch (error) {
    if (error instanceof AcmeProblem) throw error
    throw unreachable(error as NodeJS.ErrnoException, port)
  } finally {
    socket.destroy()
  }
}

async function messageFrom(socket: Socket): Promise<Buffer> {
  let message = Buffer.alloc(0)
  for await (const piece of socket as AsyncIterable<Buffer>) {
    message = Buffer.concat([message, piece])
    const length = message.length < 2 ? longestMessage : 2 + message.readUInt16BE(0)
    if (message.length >= length) return message.subarray(0, length)
  }
  throw new Error('The connection was closed before the answer was whole')
}

/** All TXT records of the answer: behind a CNAME they have the name of its target. */
function recordsIn(message: Buffer, asked: { id: number; name: string; port: number }): string[] {
  const none = (why: string) =>
    new AcmeProblem('dns', `${loopback}:${asked.port} has no TXT record for ${asked.name} (${why}).`)
  const packet = decoded(message)
  if (packet?.id !== asked.id) throw none('a malformed answer')
  const code = message.readUInt16BE(4) & 0xf
  if (code !== 0) throw none(responseCodes.get(code) ?? `response code ${code}`)
  const texts = (packet.answers ?? []).flatMap((answer) =>
    answer.type === 'TXT' ? [[answer.data].flat().join('')] : [],
  )
  if (texts.length === 0) throw none('no data')
  return texts
}

/** Undefined for a malformed message, since the library throws errors of several classes. */
function decoded(message: Buffer): Packet | undefined {
  try {
    return streamDecode(message)
  } catch {
    return undefined
  }
}
