import { posix } from 'node:path'
import type { KeyKind } from '../../contract/issuing/issuing.ts'
import { scanPem } from '../../pki/asn1/pem.ts'
import { askedBy, type RequestedCertificate } from '../../pki/issue/asked-by-request.ts'
import { HostFault, reasonIn } from './hosts/host.ts'
import { keyModeOf } from './kinds/kinds.ts'
import type { Publication } from './publication.ts'
import type { Site } from './site/site.ts'

/** Request that a server made for a key of its own. */
export interface Requested extends Pick<RequestedCertificate, 'names' | 'publicKey'> {
  site: Site
  keyFile: string
  csr: Buffer
}

/** Key and request for each site, by one command of the server's own `openssl`. @throws `HostFault`, `request.refused` */
export async function requestsOf(
  { host, setup }: Pick<Publication, 'host' | 'setup'>,
  sites: readonly Site[],
  { release, keyKind }: { release: string; keyKind: KeyKind },
): Promise<Requested[]> {
  const keyMode = keyModeOf(setup).toString(8)
  const pairs = sites.flatMap((site) => [posix.join(setup.keys, keyFileOf(site, release)), site.name])
  const command = ['sh', '-c', keyScript, 'sh', keyMode, newKeyArguments[keyKind], ...pairs]
  const { status, output } = await host.run(command)
  const requests = status === 0 ? requestsIn(output) : []
  if (requests.length !== sites.length)
    throw new HostFault(`openssl made no key and request there: ${reasonIn(output)}`)
  return sites.map((site, at) => {
    const csr = Buffer.from(requests[at] ?? [])
    return { site, keyFile: keyFileOf(site, release), csr, ...askedFor(site, csr) }
  })
}

export function keyFileOf({ stem }: Site, release: string): string {
  return `${stem}-${release}.key`
}

const newKeyArguments: Record<KeyKind, string> = {
  p256: 'ec -pkeyopt ec_paramgen_curve:prime256v1',
  p384: 'ec -pkeyopt ec_paramgen_curve:secp384r1',
  rsa2048: 'rsa:2048',
  rsa3072: 'rsa:3072',
  rsa4096: 'rsa:4096',
}

/**
 * Pairs of a key's path and a name follow the mode and the arguments of the keys. The complaints of `openssl` stand
 * before a request.
 */
const keyScript = `umask 077; mode=$1; kind=$2; shift 2
while [ $# -gt 0 ]; do
  openssl req -new -newkey $kind -nodes \\
    -keyout "$1" -subj / -addext "subjectAltName=DNS:$2" 2>&1 || exit
  chmod "$mode" "$1" || exit
  shift 2
done`

function requestsIn(output: string): Uint8Array[] {
  const { blocks } = scanPem(Buffer.from(output, 'latin1'), 'request')
  return blocks.flatMap(({ label, bytes }) => (label === 'CERTIFICATE REQUEST' ? [bytes] : []))
}

function askedFor({ name }: Site, csr: Buffer): Pick<RequestedCertificate, 'names' | 'publicKey'> {
  const { publicKey, names } = askedBy(csr)
  const asked = [...names.dns, ...names.ip, ...names.email]
  if (asked.length !== 1 || asked[0] !== name)
    throw new HostFault(`The request from there is for other names than ${name}.`)
  return { names, publicKey }
}
