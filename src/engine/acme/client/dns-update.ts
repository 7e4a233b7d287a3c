import { count } from '../../../contract/text/count.ts'
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { connect } from 'node:net'
import { allowances, guardedLookup, requireAllowedLiteral } from '../../network-guard/guard.ts'
import {
  classes,
  domainName,
  resourceRecord,
  responseCodes,
  textData,
  types,
  uint16,
  uint32,
} from './dns-message.ts'

/** Name server that accepts updates signed with a shared key (RFC 2136, RFC 8945). */
export interface UpdateServer {
  server: string
  port: number
  zone: string
  keyName: string
  algorithm: 'hmac-sha256' | 'hmac-sha384' | 'hmac-sha512'
}

const updateOpcode = 5 << 11
const headerBytes = 12
const timeoutMs = 15_000
const ttlSeconds = 60
const fudgeSeconds = 300

/**
 * Adds or removes one TXT record over TCP and verifies that the response is signed with the key.
 * @throws an Error with the server's response
 */
export async function updateTxt(
  server: UpdateServer,
  secret: Buffer,
  change: { act: 'add' | 'remove'; name: string; value: string },
): Promise<void> {
  const unsigned = updateMessage(server, change)
  const request = signed(unsigned, server, secret)
  const answer = await exchange(server, request.message)
  const code = answer.readUInt16BE(2) & 0xf
  if (answer.readUInt16BE(0) !== unsigned.readUInt16BE(0))
    throw new Error('the answer is to another question')
  if (code !== 0) throw new Error(`the server answered ${responseCodes.get(code) ?? `with code ${code}`}`)
  verify(answer, request.mac, server, secret)
}

function updateMessage(
  { zone }: UpdateServer,
  { act, name, value }: { act: 'add' | 'remove'; name: string; value: string },
): Buffer {
  const id = randomBytes(2)
  const counts = [1, 0, 1, 0].map(uint16)
  const header = Buffer.concat([id, uint16(updateOpcode), ...counts])
  const zoneSection = Buffer.concat([domainName(zone), uint16(types.soa), uint16(classes.in)])
  // RFC 2136, sections 2.5.1 and 2.5.4.
  const isAdding = act === 'add'
  const update = resourceRecord({
    name,
    type: types.txt,
    class: isAdding ? classes.in : classes.none,
    ttl: isAdding ? ttlSeconds : 0,
    data: textData(value),
  })
  return Buffer.concat([header, zoneSection, update])
}

function signed(message: Buffer, server: UpdateServer, secret: Buffer): { message: Buffer; mac: Buffer } {
  const time = timeSigned(Math.floor(Date.now() / 1000))
  const mac = macOver(server, secret, [message, variables(server, time)])
  const data = Buffer.concat([
    domainName(server.algorithm),
    time,
    uint16(fudgeSeconds),
    uint16(mac.length),
    mac,
    message.subarray(0, 2),
    uint16(0),
    uint16(0),
  ])
  const record = resourceRecord({ name: server.keyName, type: types.tsig, class: classes.any, ttl: 0, data })
  const withRecord = Buffer.concat([message, record])
  withRecord.writeUInt16BE(1, 10)
  return { message: withRecord, mac }
}

/** RFC 8945, section 4.3.3. */
function variables({ keyName, algorithm }: UpdateServer, time: Buffer, error = 0): Buffer {
  return Buffer.concat([
    domainName(keyName),
    uint16(classes.any),
    uint32(0),
    domainName(algorithm),
    time,
    uint16(fudgeSeconds),
    uint16(error),
    uint16(0),
  ])
}

function timeSigned(seconds: number): Buffer {
  return Buffer.concat([uint16(Math.floor(seconds / 2 ** 32)), uint32(seconds >>> 0)])
}

function macOver({ algorithm }: UpdateServer, secret: Buffer, parts: Buffer[]): Buffer {
  const mac = createHmac(algorithm.slice('hmac-'.length), secret)
  for (const part of parts) mac.update(part)
  return mac.digest()
}

/** RFC 8945, section 5.3.2: MAC over the request's MAC, the response without TSIG, and the TSIG variables. */
function verify(answer: Buffer, requestMac: Buffer, server: UpdateServer, secret: Buffer): void {
  const found = tsigIn(answer, server)
  if (!found) throw new Error('the answer is not signed')
  const bare = Buffer.from(answer.subarray(0, found.offset))
  // A count of zero stays zero; the signature is then wrong, as it should be.
  bare.writeUInt16BE(Math.max(0, answer.readUInt16BE(10) - 1), 10)
  const before = Buffer.concat([uint16(requestMac.length), requestMac])
  const expected = macOver(server, secret, [before, bare, variables(server, found.time)])
  if (expected.length !== found.mac.length || !timingSafeEqual(expected, found.mac))
    throw new Error('the answer is signed by somebody else')
}

/** The TSIG record, which is last and uncompressed. Its fudge is assumed to equal that of the request. */
function tsigIn(answer: Buffer, { keyName, algorithm }: UpdateServer) {
  const start = Buffer.concat([domainName(keyName), uint16(types.tsig), uint16(classes.any)])
  const offset = answer.toString('latin1').toLowerCase().lastIndexOf(start.toString('latin1').toLowerCase())
  const algorithmName = domainName(algorithm)
  const timeAt = offset + start.length + 6 + algorithmName.length
  if (offset < headerBytes || answer.length < timeAt + 10) return null
  const macLength = answer.readUInt16BE(timeAt + 8)
  const mac = answer.subarray(timeAt + 10, timeAt + 10 + macLength)
  return { offset, time: answer.subarray(timeAt, timeAt + 6), mac }
}

function exchange({ server, port }: UpdateServer, message: Buffer): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  requireAllowedLiteral(server, allowances.typed)
  const socket = connect({ host: server, port, lookup: guardedLookup(allowances.typed) })
  let received = Buffer.alloc(0)
  socket.setTimeout(timeoutMs, () =>
    socket.destroy(new Error(`no answer within ${count(timeoutMs / 1000, 'second')}`)),
  )
  socket.on('connect', () => socket.write(Buffer.concat([uint16(message.length), message])))
  socket.on('data', (bytes) => {
    received = Buffer.concat([received, bytes])
    if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return
    const answer = received.subarray(2, 2 + received.readUInt16BE(0))
    if (answer.length < headerBytes) return socket.destroy(new Error('the answer is not a DNS message'))
    resolve(answer)
    socket.destroy()
  })
  socket.on('error', reject)
  socket.on('close', () => reject(new Error('the server closed the connection without an answer')))
  return promise
}
