import type { Place } from '../../contract/errors/registry.ts'
import { shortDate } from '../facts/format-time.ts'
import { reasonSuffix } from '../verify/revocation-breach.ts'
import { readOcspRequest } from '../ocsp/request.ts'
import { type OcspAnswer, readOcspResponse } from '../ocsp/response.ts'
import type { Found, WrittenAs } from './found.ts'

const longestOcsp = 64 * 1024
const unused = 'Not used for the verdict'

/** An OCSP response or request (RFC 6960); undefined if `der` is neither. */
export function sniffOcsp(der: Uint8Array, place: Place, writtenAs: WrittenAs): Found | undefined {
  if (der.length > longestOcsp) return undefined
  const base = { kind: 'ocsp', place, writtenAs } as const
  const response = attempt(() => readOcspResponse(der))
  if (response && 'refusal' in response) {
    const title = `OCSP response: the responder refused (${response.refusal})`
    return { ...base, title, words: [`${unused}: it says nothing of a certificate.`] }
  }
  const answer = response?.answers[0]
  if (answer) {
    const title = `OCSP response: ${formatAnswer(answer)}`
    return { ...base, title, words: [useOf(answer)], ocspDer: Uint8Array.from(der) }
  }
  if (!attempt(() => readOcspRequest(der))) return undefined
  const title = 'OCSP request: the question to an OCSP responder, not its answer'
  return { ...base, title, words: [`${unused}.`] }
}

function useOf({ status }: OcspAnswer): string {
  return status === 'revoked'
    ? 'Used for the verdict if the certificate and its issuer are here too, and the issuer signed this.'
    : `${unused}: only a revocation is.`
}

function formatAnswer({ status, revokedAt, reason, nextUpdate }: OcspAnswer): string {
  if (status === 'revoked')
    return `revoked${revokedAt === undefined ? '' : ` on ${shortDate(revokedAt)}`}${reasonSuffix(reason)}`
  return nextUpdate === undefined ? status : `${status} until ${shortDate(nextUpdate)}`
}

/** Both readers refuse other content. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
