/** ClientHello (RFC 8446, section 4.1.2). Numbers in the order of the wire, with GREASE. */
export interface ClientHello {
  legacyVersion: number
  /** Versions in supported_versions; empty without that extension, as before TLS 1.3. */
  supportedVersions: number[]
  cipherSuites: number[]
  extensions: number[]
  /** Name as the client wrote it; null if absent. */
  serverName: string | null
  alpnProtocols: string[]
  groups: number[]
  signatureAlgorithms: number[]
}

/** Not TLS at all, or TLS that no client may send. */
export class MalformedHello extends Error {
  readonly isTls: boolean
  constructor(isTls: boolean) {
    super(isTls ? 'the ClientHello is malformed' : 'this is not TLS')
    this.isTls = isTls
  }
}

/** Larger than any real one; post-quantum key shares bring them to about two thousand bytes. */
const longestHello = 64 * 1024
/** A ClientHello in more records than this is an attempt to waste time. */
const mostRecords = 32
const recordHeader = 5
const handshakeHeader = 4

/**
 * Collects a client's first bytes until its ClientHello is complete. They are joined only when enough has
 * come for the next step, so that one byte at a time costs no more than all at once.
 */
export class ClientHelloReader {
  #received: Buffer[] = []
  #length = 0
  #needed = recordHeader

  /**
   * Returns the ClientHello, or null while it is incomplete.
   *
   * @throws MalformedHello
   */
  read(bytes: Buffer): ClientHello | null {
    this.#received.push(bytes)
    this.#length += bytes.length
    if (this.#length < this.#needed && isHandshakeRecord(this.#received[0]![0]!)) return null
    const found = readRecords(this.received())
    if (typeof found !== 'number') return readHello(found)
    this.#needed = found
    return null
  }

  received(): Buffer {
    if (this.#received.length > 1) this.#received = [Buffer.concat(this.#received)]
    return this.#received[0] ?? Buffer.alloc(0)
  }
}

/** Body of the first handshake message, or the number of bytes needed for the next step. */
function readRecords(bytes: Buffer): Buffer | number {
  const fragments: Buffer[] = []
  let at = 0
  for (let record = 0; record < mostRecords; record += 1) {
    if (at === 0 && !isHandshakeRecord(bytes[0]!)) throw new MalformedHello(false)
    if (bytes.length < at + recordHeader) return at + recordHeader
    if (!isHandshakeRecord(bytes[at]!) || bytes[at + 1] !== 3) throw new MalformedHello(at > 0)
    const length = bytes.readUInt16BE(at + 3)
    if (length === 0 || length > 16_384) throw new MalformedHello(true)
    const end = at + recordHeader + length
    if (bytes.length < end) return end
    fragments.push(bytes.subarray(at + recordHeader, end))
    at = end
    const message = fragments.length === 1 ? fragments[0]! : Buffer.concat(fragments)
    if (message.length < handshakeHeader) continue
    const size = message.readUIntBE(1, 3)
    if (message[0] !== 1 || size > longestHello) throw new MalformedHello(true)
    if (message.length >= handshakeHeader + size) {
      return message.subarray(handshakeHeader, handshakeHeader + size)
    }
  }
  throw new MalformedHello(true)
}

function isHandshakeRecord(type: number): boolean {
  return type === 22
}

function readHello(body: Buffer): ClientHello {
  const reader = new Vectors(body)
  const legacyVersion = reader.uint16()
  reader.skip(32)
  if (reader.vector8().length > 32) throw new MalformedHello(true)
  const cipherSuites = uint16s(reader.vector16())
  if (cipherSuites.length === 0 || reader.vector8().length === 0) throw new MalformedHello(true)
  const hello: ClientHello = {
    legacyVersion,
    supportedVersions: [],
    cipherSuites,
    extensions: [],
    serverName: null,
    alpnProtocols: [],
    groups: [],
    signatureAlgorithms: [],
  }
  if (!reader.isAtEnd) readExtensions(reader.vector16(), hello)
  if (!reader.isAtEnd) throw new MalformedHello(true)
  return hello
}

function readExtensions(bytes: Buffer, hello: ClientHello): void {
  const reader = new Vectors(bytes)
  const seen = new Set<number>()
  while (!reader.isAtEnd) {
    const type = reader.uint16()
    const content = reader.vector16()
    if (seen.has(type)) throw new MalformedHello(true)
    seen.add(type)
    hello.extensions.push(type)
    if (type === 0) hello.serverName = serverNameOf(content)
    else if (type === 10) hello.groups = uint16s(whole16(content))
    else if (type === 13) hello.signatureAlgorithms = uint16s(whole16(content))
    else if (type === 16) hello.alpnProtocols = protocolsOf(content)
    else if (type === 43) hello.supportedVersions = versionsOf(content)
  }
}

/** RFC 6066, section 3: a list with one name for each type, of which only host names are defined. */
function serverNameOf(content: Buffer): string | null {
  const list = new Vectors(whole16(content))
  let name: string | null = null
  while (!list.isAtEnd) {
    const type = list.byte()
    const text = list.vector16().toString('latin1')
    if (type !== 0) continue
    if (name !== null || text.length > longestName || !hostNamePattern.test(text))
      throw new MalformedHello(true)
    name = text
  }
  return name
}

/** Visible ASCII; the look-up of the name comes later. */
const hostNamePattern = /^[!-~]+$/
const longestName = 255

function protocolsOf(content: Buffer): string[] {
  const list = new Vectors(whole16(content))
  const protocols: string[] = []
  while (!list.isAtEnd) {
    const protocol = list.vector8()
    if (protocol.length === 0) throw new MalformedHello(true)
    protocols.push(protocol.toString('latin1'))
  }
  return protocols
}

function versionsOf(content: Buffer): number[] {
  const reader = new Vectors(content)
  const versions = uint16s(reader.vector8())
  if (!reader.isAtEnd || versions.length === 0) throw new MalformedHello(true)
  return versions
}

/** Reads a vector that fills its extension. */
function whole16(content: Buffer): Buffer {
  const reader = new Vectors(content)
  const vector = reader.vector16()
  if (!reader.isAtEnd) throw new MalformedHello(true)
  return vector
}

function uint16s(bytes: Buffer): number[] {
  if (bytes.length % 2 !== 0) throw new MalformedHello(true)
  const numbers: number[] = []
  for (let at = 0; at < bytes.length; at += 2) numbers.push(bytes.readUInt16BE(at))
  return numbers
}

/** Reads numbers and length-prefixed vectors (RFC 8446, section 3.4), never past the end. */
class Vectors {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length
  }

  byte(): number {
    return this.#bytes[this.#take(1)]!
  }

  uint16(): number {
    return this.#bytes.readUInt16BE(this.#take(2))
  }

  skip(length: number): void {
    this.#take(length)
  }

  vector8(): Buffer {
    return this.#vector(this.byte())
  }

  vector16(): Buffer {
    return this.#vector(this.uint16())
  }

  #vector(length: number): Buffer {
    const start = this.#take(length)
    return this.#bytes.subarray(start, start + length)
  }

  #take(length: number): number {
    const start = this.#at
    if (start + length > this.#bytes.length) throw new MalformedHello(true)
    this.#at = start + length
    return start
  }
}

/** Newest offered version of TLS, as on the wire: 0x0303 for TLS 1.2. Unknown ones (GREASE) are ignored. */
export function newestVersion({ supportedVersions, legacyVersion }: ClientHello): number {
  const known = supportedVersions.filter((version) => version >= 0x0300 && version <= 0x0304)
  return supportedVersions.length > 0 ? Math.max(0, ...known) : Math.min(legacyVersion, 0x0303)
}
