import { EdgekeepError, type Place } from '../../contract/errors/registry.ts'
import type { Found, Reading } from './found.ts'

const magic = Buffer.from('openssh-key-v1\0', 'latin1')

/** Remedy for an OpenSSH private key; `ssh-keygen` leaves keys of other types in this format. */
function openSshAdvice(type: string): string {
  return /^(?:ssh-rsa|ecdsa-sha2-nistp\d{3})$/.test(type)
    ? 'TLS servers cannot read this format. Convert the key with "ssh-keygen -p -m PEM -f FILE".'
    : 'TLS servers cannot read this format, and "ssh-keygen" converts only RSA and ECDSA keys. Use the key that was made with the certificate’s request.'
}

/**
 * Identifies an OpenSSH private key without opening it (openssh-portable, PROTOCOL.key): its key type is
 * unencrypted, before the encrypted part.
 */
export function openSshPrivateKey(bytes: Buffer, place: Place): Reading {
  const { type, hasPassphrase } = readHeader(bytes)
  const advice = openSshAdvice(type)
  const lines = [`Key type: ${type}`, ...(hasPassphrase ? ['Passphrase: set'] : []), `Conversion: ${advice}`]
  const title = `OpenSSH private key (${type})`
  const piece: Found = { kind: 'private-key', place, writtenAs: 'messy-pem', title, words: lines }
  const problem = new EdgekeepError('key.unsupported_type', { place, type: `OpenSSH ${type}`, advice })
  return { found: [piece], problems: [problem] }
}

function readHeader(bytes: Buffer): { type: string; hasPassphrase: boolean } {
  const unknown = { type: 'of an unknown kind', hasPassphrase: false }
  if (!bytes.subarray(0, magic.length).equals(magic)) return unknown
  try {
    const read = stringReader(bytes, magic.length)
    const cipher = read().toString('latin1')
    read()
    read()
    read.skip(4)
    const type = stringReader(read(), 0)().toString('latin1')
    return { type: /^[\w@.-]{1,64}$/.test(type) ? type : unknown.type, hasPassphrase: cipher !== 'none' }
  } catch {
    return unknown
  }
}

/** Rounds of the key derivation of an encrypted OpenSSH private key; 0 for one without, or one that is malformed. */
export function openSshRounds(bytes: Buffer): number {
  if (!bytes.subarray(0, magic.length).equals(magic)) return 0
  try {
    const read = stringReader(bytes, magic.length)
    read()
    read()
    const options = read()
    const salt = stringReader(options, 0)()
    return options.readUInt32BE(4 + salt.length)
  } catch {
    return 0
  }
}

/** Reads length-prefixed strings (RFC 4251, section 5); throws past the end. */
function stringReader(bytes: Buffer, start: number) {
  let at = start
  const read = (): Buffer => {
    const length = bytes.readUInt32BE(at)
    const end = at + 4 + length
    if (end > bytes.length) throw new RangeError('A string goes past the end')
    const value = bytes.subarray(at + 4, end)
    at = end
    return value
  }
  return Object.assign(read, { skip: (count: number) => void (at += count) })
}

const publicKeyType = /^(?:ssh|ecdsa|sk-ssh|sk-ecdsa)-[a-z0-9@.-]+$/
const certificateType = /-cert-v\d\d@openssh\.com$/
const longestType = 70

/** Whether a line is an OpenSSH certificate, `ssh-ed25519-cert-v01@openssh.com AAAA… comment`. */
export function isOpenSshCertificate(text: Buffer): boolean {
  return certificateType.test(publicType(text) ?? '')
}

/** An OpenSSH public key line, `ssh-ed25519 AAAA… comment`, or undefined. */
export function openSshPublicKey(text: Buffer, place: Place): Found | undefined {
  const type = publicType(text)
  if (type === undefined || certificateType.test(type)) return undefined
  return { kind: 'public-key', place, writtenAs: 'messy-pem', title: `OpenSSH public key (${type})` }
}

/** First word of an OpenSSH public key or certificate. */
function publicType(text: Buffer): string | undefined {
  // Other text may be the base64 of a key, which must not become a string.
  const space = text.subarray(0, 256).indexOf(' AAAA')
  if (space < 0) return undefined
  const type = text.subarray(0, space).toString('latin1').trimStart()
  return type.length <= longestType && publicKeyType.test(type) ? type : undefined
}
