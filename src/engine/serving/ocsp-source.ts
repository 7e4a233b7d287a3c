import { strictCertificateOf, type Certificate } from '../../pki/x509/certificate.ts'
import { accessUrls } from '../../pki/x509/extension-contents.ts'
import { isSignedBy } from '../../pki/x509/signatures.ts'
import type { Core } from '../core/core.ts'
import { trustedAnchors } from '../certificates/verdicts.ts'
import { AddressRefused, type Allowance } from '../network-guard/guard.ts'
import { BodyTooLong, createGuardedClient } from '../network-guard/http-client.ts'

export interface Responder {
  leaf: Certificate
  issuer: Certificate
  address: string
}

export interface NoResponder {
  /** A sentence. */
  problem: string
  address: string | null
}

/** Returns the OCSP responder for a chain, leaf first, or the reason why there is none. */
export function responderOf(parts: Core, [leafDer, ...rest]: Uint8Array[]): Responder | NoResponder {
  const leaf = leafDer ? parsedOrNull(leafDer) : null
  if (!leaf)
    return {
      problem: 'The certificate breaks the rules of its format, so that nothing is asked about it.',
      address: null,
    }
  const addresses = accessUrls(leaf.decoded.authorityInfoAccess, 'ocsp')
  const address = addresses.find((each) => /^https?:\/\//i.test(each)) ?? null
  if (address === null) return { problem: 'The certificate names no OCSP responder.', address }
  const others = [...rest, ...trustedAnchors(parts).flatMap(({ certificates }) => certificates)]
  const issuer = others
    .values()
    .map(parsedOrNull)
    .find((each) => each !== null && hasIssued(each, leaf))
  if (!issuer) return { problem: 'The certificate that issued it is not known here.', address }
  return { leaf, issuer, address }
}

function parsedOrNull(der: Uint8Array): Certificate | null {
  try {
    return strictCertificateOf(der)
  } catch {
    // OpenSSL accepts some certificates that Edgekeep's stricter parser rejects; such a root is no issuer
    // here.
    return null
  }
}

function hasIssued(issuer: Certificate, leaf: Certificate): boolean {
  return issuer.subject.key === leaf.issuer.key && isSignedBy(leaf, issuer)
}

/** Result of an OCSP request; `failure` is a sentence. */
type ResponderAnswer = { response: Uint8Array } | { failure: string }

const timeoutMs = 10_000
/** Real responses have one to three thousand bytes, including a certificate and its chain. */
const longestResponse = 64 * 1024

/**
 * Sends an OCSP request (RFC 6960, appendix A) to the certificate's responder `address`, within `allowance`.
 * Follows no redirect. Never throws for a fault of the responder.
 */
export async function askResponder(
  address: string,
  request: Uint8Array,
  { allowance, signal }: { allowance: Allowance; signal: AbortSignal },
): Promise<ResponderAnswer> {
  const client = createGuardedClient(allowance)
  try {
    const { status, body } = await client.send(new URL(address), {
      method: 'POST',
      headers: { 'content-type': 'application/ocsp-request', accept: 'application/ocsp-response' },
      body: request,
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      mostBytes: longestResponse,
    })
    return status === 200 ? { response: body } : { failure: `The responder answers with status ${status}.` }
  } catch (error) {
    return { failure: describeFailure(error) }
  } finally {
    client.close()
  }
}

function describeFailure(error: unknown): string {
  if (error instanceof AddressRefused)
    return 'The certificate names a responder on this computer or in its network. Edgekeep sends nothing there.'
  if (error instanceof BodyTooLong) return 'The OCSP response is too large.'
  const { name, code } = error as NodeJS.ErrnoException
  if (name === 'TimeoutError' || name === 'AbortError')
    return 'The responder does not answer within ten seconds.'
  return `The responder cannot be reached${code ? ` (${code})` : ''}.`
}
