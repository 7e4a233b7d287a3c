import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { connect as connectTls, type ConnectionOptions } from 'node:tls'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  ClientHelloReader,
  MalformedHello,
  newestVersion,
} from '../../../../../src/edge/worker/tls/client-hello.ts'

/** First bytes of a handshake from Node's client, which is OpenSSL. */
async function realHello(options: ConnectionOptions): Promise<Buffer> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const client = connectTls({ host: '127.0.0.1', port, ...options })
  client.on('error', () => undefined)
  const [socket] = (await once(server, 'connection')) as [Socket]
  const [bytes] = (await once(socket, 'data')) as [Buffer]
  client.destroy()
  socket.destroy()
  server.close()
  return bytes
}

function record(fragment: Buffer): Buffer {
  const head = Buffer.from([22, 3, 1, 0, 0])
  head.writeUInt16BE(fragment.length, 3)
  return Buffer.concat([head, fragment])
}

const vector = (lengthBytes: number, content: Buffer): Buffer => {
  const head = Buffer.alloc(lengthBytes)
  head.writeUIntBE(content.length, 0, lengthBytes)
  return Buffer.concat([head, content])
}
const extension = (type: number, content: Buffer) =>
  Buffer.concat([Buffer.from([0, type]), vector(2, content)])
const nameOf = (type: number, name: string) =>
  Buffer.concat([Buffer.from([type]), vector(2, Buffer.from(name, 'latin1'))])
const hostNames = (...names: Buffer[]) => extension(0, vector(2, Buffer.concat(names)))
const hostName = (name: string) => hostNames(nameOf(0, name))

/** Builds the message from valid parts, unless the test replaces one. */
function messageOf({
  session = Buffer.alloc(0),
  ciphers = Buffer.from([0x13, 0x01, 0x0a, 0x0a]),
  compressions = Buffer.from([0]),
  extensions = Buffer.alloc(0) as Buffer,
} = {}): Buffer {
  const body = Buffer.concat([
    ...[Buffer.from([3, 3]), Buffer.alloc(32, 7), vector(1, session), vector(2, ciphers)],
    ...[vector(1, compressions), extensions],
  ])
  return Buffer.concat([Buffer.from([1]), vector(3, body)])
}

function hello(...extensions: Buffer[]): Buffer {
  return record(messageOf({ extensions: vector(2, Buffer.concat(extensions)) }))
}

/** Splits `message` into `count` records, all but the last of one byte. */
function inCount(message: Buffer, count: number): Buffer {
  return Buffer.concat([inRecords(message.subarray(0, count - 1), 1), record(message.subarray(count - 1))])
}

/** Splits `message` into records of `size` bytes. */
function inRecords(message: Buffer, size: number): Buffer {
  const records: Buffer[] = []
  for (let at = 0; at < message.length; at += size) records.push(record(message.subarray(at, at + size)))
  return Buffer.concat(records)
}

const read = (bytes: Buffer) => new ClientHelloReader().read(bytes)

describe('a ClientHello', () => {
  test('shows the name, versions, ciphers and protocols of OpenSSL', async () => {
    const bytes = await realHello({ servername: 'Shop.test', ALPNProtocols: ['h2', 'http/1.1'] })
    const seen = read(bytes)!
    expect(seen).toMatchObject({ serverName: 'Shop.test', alpnProtocols: ['h2', 'http/1.1'] })
    expect(seen.legacyVersion).toBe(0x0303)
    expect(seen.supportedVersions).toEqual([0x0304, 0x0303])
    expect(seen.cipherSuites).toContain(0x1301)
    expect(seen.groups).toContain(29)
    expect(seen.signatureAlgorithms).toContain(0x0403)
    expect(seen.extensions).toContain(51)
    expect(newestVersion(seen)).toBe(0x0304)
  })

  test('may have no name, and may be of TLS 1.2', async () => {
    const seen = read(await realHello({ maxVersion: 'TLSv1.2' }))!
    expect(seen.serverName).toBeNull()
    expect(newestVersion(seen)).toBe(0x0303)
  })

  test('is read the same however it is cut into pieces and records', async () => {
    const whole = await realHello({ servername: 'shop.test' })
    const message = whole.subarray(5)
    const expected = read(whole)
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: message.length - 1 }), { maxLength: 12 })
    fc.assert(
      fc.property(cuts, fc.integer({ min: 1, max: 700 }), (at, step) => {
        const edges = [0, ...at.toSorted((a, b) => a - b), message.length]
        const records = edges.slice(1).map((end, index) => record(message.subarray(edges[index]!, end)))
        const bytes = Buffer.concat(records)
        const reader = new ClientHelloReader()
        let seen = null
        for (let from = 0; from < bytes.length; from += step) {
          expect(seen).toBeNull()
          seen = reader.read(bytes.subarray(from, from + step))
        }
        expect(seen).toEqual(expected)
        expect(reader.received()).toEqual(bytes)
      }),
    )
  })

  test('may be of a client that knows no extensions, or has one cipher and a whole identifier', () => {
    expect(read(record(messageOf()))).toMatchObject({ extensions: [], serverName: null })
    const ciphers = Buffer.from([0x13, 0x01])
    expect(read(record(messageOf({ ciphers, session: Buffer.alloc(32) })))).toMatchObject({
      cipherSuites: [0x1301],
    })
  })

  test('may have names of other kinds, and a long one', () => {
    const others = hostNames(nameOf(1, 'x'), nameOf(0, 'a.test'), nameOf(2, 'y'))
    expect(read(hello(others))).toMatchObject({ serverName: 'a.test' })
    expect(read(hello(hostNames(nameOf(1, 'x'))))).toMatchObject({ serverName: null })
    expect(read(hello(hostName('a'.repeat(255))))?.serverName).toHaveLength(255)
  })

  test.each([
    [[0x7a7a, 0x0303, 0x0301], 0x0303, 0x0303],
    [[0x0304], 0x0303, 0x0304],
    [[0x0300], 0x0303, 0x0300],
    // A draft of TLS 1.3, and GREASE (RFC 8701).
    [[0x7f1c, 0x0a0a, 0x0305], 0x0303, 0],
    [[], 0x0304, 0x0303],
    [[], 0x0301, 0x0301],
  ])(
    'offers, with the versions %j and %d as the legacy version, %d at best',
    (supportedVersions, legacyVersion, best) => {
      expect(newestVersion({ ...read(hello())!, supportedVersions, legacyVersion })).toBe(best)
    },
  )

  test('may come in as many and as large records as there may be', () => {
    expect(read(inCount(messageOf(), 32))).not.toBeNull()
    for (const size of [16_384 - 4, 65_536]) {
      const extensions = vector(2, extension(21, Buffer.alloc(size - messageOf().length + 4 - 6)))
      const message = messageOf({ extensions })
      expect(message).toHaveLength(size + 4)
      expect(read(inRecords(message, 16_384))).toMatchObject({ extensions: [21] })
    }
  })

  test('is awaited until it is whole', () => {
    const reader = new ClientHelloReader()
    expect(reader.received()).toHaveLength(0)
    const bytes = hello(hostName('a.test'))
    for (const byte of bytes.subarray(0, -1)) expect(reader.read(Buffer.of(byte))).toBeNull()
    expect(reader.read(bytes.subarray(-1))).toMatchObject({ serverName: 'a.test' })
    expect(reader.received()).toEqual(bytes)
  })

  test.each([
    ['two names', hello(hostNames(nameOf(0, 'a.test'), nameOf(0, 'b.test')))],
    ['a name that is too long', hello(hostName('a'.repeat(256)))],
    [
      'more than its list of names',
      hello(extension(0, Buffer.concat([vector(2, nameOf(0, 'a')), Buffer.of(0)]))),
    ],
    ['no version in its list', hello(extension(43, vector(1, Buffer.alloc(0))))],
    ['more than its list of versions', hello(extension(43, Buffer.from([2, 3, 4, 0])))],
    ['a name with a NUL', hello(hostName('a.test\0b'))],
    ['a name beyond ASCII', hello(hostName('é.test'))],
    ['an empty name', hello(hostName(''))],
    ['the same extension twice', hello(extension(23, Buffer.alloc(0)), extension(23, Buffer.alloc(0)))],
    ['an extension that runs over the end', hello(Buffer.from([0, 10, 0, 9, 1]))],
    ['a list of versions of odd length', hello(extension(43, vector(1, Buffer.from([3, 4, 3]))))],
    ['an empty protocol', hello(extension(16, vector(2, Buffer.from([0]))))],
    ['another handshake message', record(Buffer.from([2, 0, 0, 1, 0]))],
    ['an empty record', Buffer.from([22, 3, 1, 0, 0, 22, 3, 1, 0, 0])],
    ['a record longer than there may be', Buffer.from([22, 3, 1, 0x40, 0x01])],
    ['a message longer than any', record(Buffer.from([1, 2, 0, 0, 0]))],
    ['more records than anybody needs', inCount(messageOf(), 33)],
    ['nothing in it', record(Buffer.from([1, 0, 0, 0]))],
    ['an identifier of a session that is too long', record(messageOf({ session: Buffer.alloc(33) }))],
    ['no cipher', record(messageOf({ ciphers: Buffer.alloc(0) }))],
    ['half a cipher', record(messageOf({ ciphers: Buffer.from([0x13, 0x01, 0x0a]) }))],
    ['no compression method', record(messageOf({ compressions: Buffer.alloc(0) }))],
    ['something after its extensions', record(messageOf({ extensions: Buffer.from([0, 0, 1]) }))],
  ])('with %s is malformed', (_what, bytes) => {
    expect(() => read(bytes)).toThrow(
      expect.objectContaining({ isTls: true, message: 'the ClientHello is malformed' }) as Error,
    )
  })

  test.each(['GET / HTTP/1.1\r\n', 'SSH-2.0-x\r\n', '\x80\x2e\x01\x03\x01', '\x16\x02\0\0\x05hello'])(
    'is not in %j',
    (text) => {
      expect(() => read(Buffer.from(text, 'latin1'))).toThrow(
        expect.objectContaining({ isTls: false, message: 'this is not TLS' }) as Error,
      )
    },
  )

  test('is not awaited of a client whose first byte shows that it speaks something else', () => {
    expect(() => read(Buffer.from('G'))).toThrow(expect.objectContaining({ isTls: false }) as Error)
  })

  test('is found or refused in any bytes, and nothing else happens', () => {
    const start = fc.constantFrom(Buffer.alloc(0), hello(hostName('a.test')).subarray(0, 60))
    fc.assert(
      fc.property(start, fc.uint8Array({ minLength: 1, maxLength: 400 }), (before, noise) => {
        try {
          read(Buffer.concat([before, noise]))
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedHello)
        }
      }),
      { numRuns: 2_000 },
    )
  })
})
