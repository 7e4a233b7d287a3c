import type { AcmeOrderState } from '../../contract/acme/acme.ts'
import { formatServerState } from '../../contract/errors/asked-server.ts'
import type { CertificateRenewal } from '../../contract/issuing/renewal.ts'
import { day } from './times.ts'

/** `renews on 2027-08-20 by the local authority`, with the problem if there is one. */
export function formatRenewal(renewal: CertificateRenewal | null): string {
  if (!renewal) return 'not automatic'
  const { by, account, at, failure, held, waitsForVault } = renewal
  if (held) return `a new certificate waits for a decision: ${held.reasons.join('; ')}`
  if (failure) return `FAILED at ${failure.at}: ${failure.message} Next attempt: ${failure.nextAt}.`
  if (waitsForVault) return `due since ${day(at)}; the vault is locked`
  if (by === 'reminder') return `a reminder on ${day(at)}`
  return `on ${day(at)} by ${by === 'local' ? 'the local authority' : `the ACME account "${account ?? ''}"`}`
}

export function formatOrderState(at: AcmeOrderState): string {
  const { state, name } = at
  if (state === 'propagating') return formatPropagation(at)
  const labels = {
    caa: 'looking at CAA records',
    ordering: 'ordering',
    presenting: `answering the challenge for ${name ?? ''}`,
    validating: `the authority validates ${name ?? ''}`,
    finalizing: 'the authority issues the certificate',
    downloading: 'fetching the certificate',
    storing: 'storing it',
  }
  return labels[state]
}

/** Count of name servers that have the record, and the problems of the others. */
function formatPropagation({ name, servers }: AcmeOrderState): string {
  const waiting = `waiting for the name servers of ${name ?? ''}`
  if (!servers) return waiting
  const late = servers.filter(({ state }) => state !== 'found')
  const having = `${servers.length - late.length} of ${servers.length} have the record`
  return [`${waiting}: ${having}`, ...late.map(formatServerState)].join('; ')
}
