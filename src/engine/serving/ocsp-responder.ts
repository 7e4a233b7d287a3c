import { AddressRefused, type Allowance } from '../network-guard/guard.ts'
import { BodyTooLong, createGuardedClient } from '../network-guard/http-client.ts'

/** Result of an OCSP request; `failure` is a sentence. */
export type ResponderAnswer = { response: Uint8Array } | { failure: string }

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
