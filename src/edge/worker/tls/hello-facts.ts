import type { HelloFacts } from '../../../contract/traffic/traffic.ts'
import type { ClientHello } from './client-hello.ts'
import { createHash } from 'node:crypto'

export function helloFacts(hello: ClientHello): HelloFacts {
  const { supportedVersions, legacyVersion } = hello
  const offered = supportedVersions.length > 0 ? supportedVersions : [legacyVersion]
  return {
    serverName: hello.serverName,
    // Preferred first; unregistered ones (GREASE) are left out.
    versions: offered.flatMap((version) => versions.get(version)?.name ?? []),
    alpn: hello.alpnProtocols,
    groups: hello.groups.flatMap((group) => groupNames[group] ?? []),
    ja4: ja4(hello),
  }
}

/** Names of versions, and their form in JA4. */
const versions = new Map([
  [0x0304, { name: 'TLS 1.3', ja4: '13' }],
  [0x0303, { name: 'TLS 1.2', ja4: '12' }],
  [0x0302, { name: 'TLS 1.1', ja4: '11' }],
  [0x0301, { name: 'TLS 1.0', ja4: '10' }],
  [0x0300, { name: 'SSL 3.0', ja4: 's3' }],
  [0x0002, { name: null, ja4: 's2' }],
])

/** IANA, TLS Supported Groups. */
export const groupNames: Record<number, string> = {
  0x0017: 'secp256r1',
  0x0018: 'secp384r1',
  0x0019: 'secp521r1',
  0x001d: 'X25519',
  0x001e: 'X448',
  0x0100: 'ffdhe2048',
  0x0101: 'ffdhe3072',
  0x0102: 'ffdhe4096',
  0x11eb: 'SecP256r1MLKEM768',
  0x11ec: 'X25519MLKEM768',
  0x11ed: 'SecP384r1MLKEM1024',
  0x6399: 'X25519Kyber768Draft00',
}

/**
 * JA4, a fingerprint of the software that made a ClientHello: independent of the order of extensions and of
 * names, sessions and GREASE.
 *
 * Source: https://github.com/FoxIO-LLC/ja4/blob/main/technical_details/JA4.md (BSD licensed, TLS client).
 */
export function ja4(hello: ClientHello): string {
  const ciphers = hello.cipherSuites.filter(isNotGrease)
  const extensions = hello.extensions.filter(isNotGrease)
  const hashed = extensions.filter((type) => type !== serverNameType && type !== alpnType)
  const signatures = hello.signatureAlgorithms.filter(isNotGrease)
  const offered = [hexList(hashed, true), ...(signatures.length > 0 ? [hexList(signatures, false)] : [])]
  return [
    `t${versionOf(hello)}${extensions.includes(serverNameType) ? 'd' : 'i'}` +
      `${twoDigits(ciphers.length)}${twoDigits(extensions.length)}${alpnOf(hello.alpnProtocols[0])}`,
    ciphers.length > 0 ? hash(hexList(ciphers, true)) : nothing,
    hashed.length > 0 ? hash(offered.join('_')) : nothing,
  ].join('_')
}

const serverNameType = 0x0000
const alpnType = 0x0010
const nothing = '000000000000'

function versionOf({ supportedVersions, legacyVersion }: ClientHello): string {
  const offered = supportedVersions.filter(isNotGrease)
  return versions.get(offered.length > 0 ? Math.max(...offered) : legacyVersion)?.ja4 ?? '00'
}

/** First and last character of the preferred protocol, or of its hex if they are not alphanumeric. */
function alpnOf(protocol: string | undefined): string {
  if (!protocol) return '00'
  const ends = protocol.charAt(0) + protocol.charAt(protocol.length - 1)
  if (/^[0-9A-Za-z]{2}$/.test(ends)) return ends
  const hex = Buffer.from(protocol, 'latin1').toString('hex')
  return hex.charAt(0) + hex.charAt(hex.length - 1)
}

/** RFC 8701: both bytes alike and ending in A. */
function isNotGrease(value: number): boolean {
  return (value & 0x0f0f) !== 0x0a0a || value >> 8 !== (value & 0xff)
}

function twoDigits(count: number): string {
  return String(Math.min(count, 99)).padStart(2, '0')
}

function hexList(values: number[], isSorted: boolean): string {
  const list = values.map((value) => value.toString(16).padStart(4, '0'))
  return (isSorted ? list.toSorted() : list).join()
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}
