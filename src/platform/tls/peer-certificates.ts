import type { X509Certificate } from 'node:crypto'
import { TLSSocket, type DetailedPeerCertificate } from 'node:tls'

/*
 * Node's conversion of a peer's certificate to an object ends the process by SIGSEGV before 24.22.2 for keys
 * on brainpool curves, secp256k1 and others, and Node's client calls it for every chain that verifies. The
 * entry of each process that runs on the pinned Node imports this file, which replaces the method by one that
 * reads from an X509Certificate what `tls.checkServerIdentity` compares. See docs/decisions/0001.
 */

const chains = new WeakMap<TLSSocket, X509Certificate[]>()

/**
 * Chain in the order that the peer sent, leaf first; empty without a certificate. Read once and kept: Node
 * before 24.22 removes certificates as it returns them (https://github.com/nodejs/node/issues/65579), on a
 * server also before its `secureConnection`, where the first call has to come on `secure`.
 */
export function sentChain(socket: TLSSocket): X509Certificate[] {
  const known = chains.get(socket)
  if (known) return known
  const chain: X509Certificate[] = []
  for (let at = socket.getPeerX509Certificate(); at; at = at.issuerCertificate) chain.push(at)
  if (chain.length > 0) chains.set(socket, chain)
  return chain
}

/** Names of a certificate in the form of Node's; those of a multi-valued RDN are left out. */
function namesOf({ subject, subjectAltName }: X509Certificate) {
  const lines = ((subject as string | undefined) ?? '').split('\n')
  const commonNames = lines.filter((line) => line.startsWith('CN=')).map((line) => line.slice('CN='.length))
  return { subject: { CN: commonNames }, subjectaltname: subjectAltName }
}

// oxlint-disable-next-line no-restricted-properties
TLSSocket.prototype.getPeerCertificate = function identity(this: TLSSocket) {
  const [leaf] = sentChain(this)
  return (leaf ? namesOf(leaf) : {}) as unknown as DetailedPeerCertificate
}
