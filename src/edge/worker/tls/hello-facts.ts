import type { HelloFacts } from '../../../contract/traffic/traffic.ts'
import type { ClientHello } from './client-hello.ts'
import { ja4 } from './ja4.ts'

export function helloFacts(hello: ClientHello): HelloFacts {
  const versions = hello.supportedVersions.length > 0 ? hello.supportedVersions : [hello.legacyVersion]
  return {
    serverName: hello.serverName,
    versions: versions.flatMap((version) => versionNames[version] ?? []),
    alpn: hello.alpnProtocols,
    groups: groupNames(hello),
    ja4: ja4(hello),
  }
}

/** Preferred first; unregistered ones (GREASE) are left out. */
function groupNames({ groups }: ClientHello): string[] {
  return groups.flatMap((group) => names[group] ?? [])
}

const versionNames: Record<number, string> = {
  0x0304: 'TLS 1.3',
  0x0303: 'TLS 1.2',
  0x0302: 'TLS 1.1',
  0x0301: 'TLS 1.0',
  0x0300: 'SSL 3.0',
}

/** IANA, TLS Supported Groups. */
const names: Record<number, string> = {
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
