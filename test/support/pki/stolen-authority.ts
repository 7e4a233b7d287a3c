import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto'
import tls from 'node:tls'
import type { AddressInfo } from 'node:net'
import { localSuffixes } from '../../../src/domain/authority-scope.ts'
import {
  asIssuer,
  createIntermediate,
  createRoot,
  type AuthorityMaterial,
} from '../../../src/pki/issue/authority-certificates.ts'
import { toPem } from '../../../src/pki/formats/convert.ts'
import { makeCertificate, makeKeys, type MadeCertificate } from './certificate-maker.ts'

export const bank = 'www.bank.example.com'

export interface Forged {
  /** Leaf first, without the root. */
  chainPem: string
  keyPem: string
}

/** An authority of ours with stolen keys, and certificates that the thief would sign. */
export interface StolenAuthority {
  rootPem: string
  rootDer: Buffer
  /** Leaf signed with the intermediate's key. */
  byIntermediate(name: string): Forged
  /** Leaf signed with the root's key. */
  byRoot(name: string): Forged
  /** Leaf below an unconstrained intermediate that the thief signed with the root's key. */
  byOwnIntermediate(name: string): Forged
}

export async function stealAuthority(): Promise<StolenAuthority> {
  const made = { at: new Date(), host: 'workshop', generation: 1 }
  const material = await createRoot({ ...made, suffixes: localSuffixes })
  const root = signerOf(asIssuer(material))
  const intermediateMaterial = await createIntermediate({ ...made, root: asIssuer(material) })
  const intermediate = signerOf(asIssuer(intermediateMaterial))
  const own = makeCertificate({
    subject: 'Intermediate of a thief',
    authority: { pathLength: 0 },
    issuer: root,
    keys: makeKeys('ec'),
    ...times(),
    extensions: { '2.5.29.35': null },
  })
  return {
    rootPem: material.certificatePem,
    rootDer: Buffer.from(root.der),
    byIntermediate: (name) => forge(name, intermediate, [intermediateMaterial.certificatePem]),
    byRoot: (name) => forge(name, root, []),
    byOwnIntermediate: (name) => forge(name, own, [toPem(own.der)]),
  }
}

function forge(name: string, issuer: MadeCertificate, above: string[]): Forged {
  const keys = makeKeys('ec')
  // Ours name their keys by SHA-256, which the maker does not know.
  const extensions = { '2.5.29.35': null }
  const leaf = makeCertificate({ subject: name, names: [name], issuer, keys, ...times(), extensions })
  const keyPem = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  return { chainPem: [toPem(leaf.der), ...above].join(''), keyPem }
}

function times(): { notBefore: Date; notAfter: Date } {
  const dayMs = 86_400_000
  return { notBefore: new Date(Date.now() - dayMs), notAfter: new Date(Date.now() + 90 * dayMs) }
}

function signerOf({ certificatePem, keyPem }: AuthorityMaterial): MadeCertificate {
  const privateKey = createPrivateKey(keyPem)
  const certificate = new X509Certificate(certificatePem)
  const keys = { kind: 'ec' as const, privateKey, publicKey: createPublicKey(privateKey) }
  return { der: certificate.raw, name: subjectOf(certificate.raw), keys, serial: 1n }
}

/** The DER of the subject: the sixth element of a TBSCertificate with a version (RFC 5280, section 4.1). */
function subjectOf(der: Uint8Array): Uint8Array {
  let [at] = contentOf(der, 0)
  ;[at] = contentOf(der, at)
  for (let skipped = 0; skipped < 5; skipped += 1) at = contentOf(der, at)[1]
  return der.subarray(at, contentOf(der, at)[1])
}

/** Start and end of the content of the element at `at`. */
function contentOf(der: Uint8Array, at: number): [start: number, end: number] {
  const first = der[at + 1]!
  if (first < 0x80) return [at + 2, at + 2 + first]
  const bytes = first & 0x7f
  const length = Number.parseInt(Buffer.from(der.subarray(at + 2, at + 2 + bytes)).toString('hex'), 16)
  return [at + 2 + bytes, at + 2 + bytes + length]
}

export interface FalseSite {
  port: number
  /** Requests that came over a finished handshake. */
  requests(): number
  close(): void
}

/** Starts a site that serves a forged certificate. */
export async function openFalseSite({ chainPem, keyPem }: Forged): Promise<FalseSite> {
  let requests = 0
  const server = tls.createServer({ cert: chainPem, key: keyPem }, (socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => {
      requests += 1
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nstolen')
    })
  })
  server.on('tlsClientError', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { port, requests: () => requests, close: () => server.close() }
}
