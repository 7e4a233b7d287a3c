import type { X509Certificate } from 'node:crypto'
import type { TLSSocket } from 'node:tls'
import type { TlsPolicy } from '../../../contract/domains/tls-policy.ts'
import { sentChain } from '../../../platform/tls/peer-certificates.ts'
import { anchorsPrint } from '../../protocol/handshake-settings.ts'
import type { Problem } from '../http/pages.ts'
import type { ClientCertificate } from '../http/arrival.ts'

/** Longer chains are truncated for the origin. */
const longestChain = 10

/** Reads the client's chain before Node's server does; call it before the handshake is done. */
export function readChainEarly(socket: TLSSocket): void {
  socket.prependOnceListener('secure', () => sentChain(socket))
}

export function readClientCertificate(socket: TLSSocket, anchors: string[]): ClientCertificate {
  const sent = sentChain(socket)
  const base = { refusal: null, anchors: anchorsPrint(anchors), lines: noIdentity }
  if (sent.length === 0) return { ...base, state: 'none' }
  if (!socket.authorized) return { ...base, state: 'refused', refusal: String(socket.authorizationError) }
  return { ...base, state: 'verified', lines: verifiedLines(sent) }
}

const noIdentity = 'x-client-cert-verified: NONE\r\n'

/** Header lines for the origin; empty if the domain requests no certificates. */
export function identityLines(
  { clientCertificates }: TlsPolicy,
  { clientCertificate }: { clientCertificate: ClientCertificate | null },
): string {
  return clientCertificates === 'off' ? '' : (clientCertificate?.lines ?? noIdentity)
}

/**
 * Problem of a request under the current policy, or null: a connection made under another policy, or with
 * other anchors, proves nothing and has to be made again.
 */
export function clientCertificateProblem(
  { clientCertificates, clientAnchors }: TlsPolicy,
  { secure, clientCertificate: shown }: { secure: boolean; clientCertificate: ClientCertificate | null },
): Problem | null {
  const isRequired = clientCertificates === 'required'
  if (clientCertificates === 'off') return null
  if (!secure) return isRequired ? { status: 403, sentence: overHttp } : null
  if (shown?.anchors !== anchorsPrint(clientAnchors)) return { status: 421, sentence: madeBefore }
  if (shown.state === 'refused') return { status: 403, sentence: refusedSentence(shown.refusal ?? '') }
  return isRequired && shown.state === 'none' ? { status: 403, sentence: missing } : null
}

const overHttp =
  'This domain asks for a client certificate, which cannot be shown over plain HTTP. Use https:// instead.'
const madeBefore =
  'This connection was made before the rules for client certificates changed. Make a new one.'
const missing =
  'This domain asks for a client certificate, and this connection was made without one. Choose one that comes from an authority that is accepted here.'

function refusedSentence(code: string): string {
  return `The client certificate is not accepted: ${refusals.get(code) ?? `it does not verify (${code})`}.`
}

const untrusted = 'it does not chain to an authority that is accepted here'
const refusals = new Map<string, string>(
  Object.entries({
    CERT_HAS_EXPIRED: 'it, or a certificate above it, has expired',
    CERT_NOT_YET_VALID: 'it, or a certificate above it, is not valid yet',
    INVALID_PURPOSE: 'it is not meant for clients',
    SELF_SIGNED_CERT_IN_CHAIN: untrusted,
    DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
    UNABLE_TO_GET_ISSUER_CERT: untrusted,
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  }),
)

/** Formats RFC 9440's fields, and three more for origins that do not parse certificates. */
function verifiedLines(sent: X509Certificate[]): string {
  const [leaf, ...issuers] = pathIn(sent)
  const chain = issuers.length > 0 ? `client-cert-chain: ${issuers.map(byteSequence).join(', ')}\r\n` : ''
  return (
    `client-cert: ${byteSequence(leaf!)}\r\n${chain}` +
    'x-client-cert-verified: SUCCESS\r\n' +
    `x-client-cert-subject: ${distinguishedName(leaf!.subject)}\r\n` +
    `x-client-cert-sha256: ${leaf!.fingerprint256.replaceAll(':', '').toLowerCase()}\r\n`
  )
}

/** Leaf first, without a root as anchor, which may be left out (RFC 9440, section 2.3). */
function pathIn([leaf, ...others]: X509Certificate[]): X509Certificate[] {
  const path = [leaf!]
  for (let at = leaf; at && path.length < longestChain;) {
    const issued: X509Certificate = at
    at = others.find((each) => !path.includes(each) && issued.checkIssued(each) && !each.checkIssued(each))
    if (at) path.push(at)
  }
  return path
}

/** RFC 9651, section 3.3.5. */
function byteSequence({ raw }: X509Certificate): string {
  return `:${raw.toString('base64')}:`
}

/**
 * Formats a name by RFC 4514: the last attribute first. Node gives one line for each, with special characters
 * escaped except letters beyond ASCII, which are not allowed in a header field.
 */
function distinguishedName(subject: string | undefined): string {
  const names = (subject ?? '').split('\n').filter((line) => line !== '')
  return names
    .reverse()
    .join(',')
    .replace(/[^ -~]/gu, escapedBytes)
}

function escapedBytes(character: string): string {
  return [...Buffer.from(character)]
    .map((byte) => `\\${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('')
}
