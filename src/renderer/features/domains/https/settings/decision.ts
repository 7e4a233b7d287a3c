import type {
  CertificateSource,
  CertificateSummary,
  Domain,
} from '../../../../../contract/domains/domains.ts'
import type { PreviewSource } from '../../../../../contract/certificates/https.ts'
import type { Readiness } from '../../../../ui/staging/readiness.ts'
import { coversDomain } from '../certificate-fit.ts'

export type CertificateType = 'vault' | 'upload' | 'free'

export const newAccount = 'new'

/** State of the dialog's controls. */
export interface HttpsForm {
  on: boolean
  type: CertificateType
  certificateId: string | null
  name: string
  keep: boolean
  /** Keeps certificates that the change would delete. */
  keepOld: boolean
  /** Additional names of a free certificate. */
  freeNames: string[]
  /** Id of the ACME account; null: the local authority; `NEW_ACCOUNT`: an account to be added. */
  account: string | null
  /** A challenge, or `dns ` and the name of a DNS method. */
  challenge: string
}

/** Effect of Save, or the reason why it is disabled. */
export type Decision =
  | { act: 'enable'; source: CertificateSource }
  | { act: 'order'; account: string; names: string[]; wish: OrderRequest }
  | { act: 'disable'; keep: boolean }
  | { act: 'none'; why: 'unchanged' | 'alreadyOff' | 'choose' | 'account' }
  | { act: 'none'; why: 'upload'; readiness: Readiness }

/** Id of the certificate that a decision assigns; null if not in the vault yet, undefined for none. */
export function nextCertificate(
  decision: Decision,
  domain: Domain,
  duplicateOf: string | null,
): string | null | undefined {
  if (decision.act === 'order') return null
  if (decision.act !== 'enable') return undefined
  const { source } = decision
  if (source.type === 'vault') return source.certificateId
  if (source.type === 'upload') return duplicateOf
  return source.type === 'free' ? null : domain.https.certificate?.id
}

/** Certificate of a decision as the engine judges it; null for none. */
export function previewOf(decision: Decision): PreviewSource | null {
  if (decision.act === 'order') return { type: 'order', names: decision.names }
  return decision.act === 'enable' ? decision.source : null
}

/** Initial state: the current certificate, else a matching one, else an upload. */
export function initialForm(
  domain: Domain,
  certificates: readonly CertificateSummary[],
  on: boolean,
): HttpsForm {
  const current = domain.https.certificate?.id ?? null
  const fits = certificates.some((certificate) => coversDomain(certificate, domain))
  return {
    on,
    type: current !== null || fits ? 'vault' : 'upload',
    certificateId: current,
    name: '',
    keep: false,
    keepOld: false,
    freeNames: [],
    account: null,
    challenge: 'http-01',
  }
}

export function decide(
  domain: Domain,
  form: HttpsForm,
  certificates: readonly CertificateSummary[],
  upload: { stagingId: string | null; readiness: Readiness },
): Decision {
  const { state, certificate: current } = domain.https
  if (!form.on)
    return state === 'off' ? { act: 'none', why: 'alreadyOff' } : { act: 'disable', keep: form.keep }
  if (form.type === 'free') {
    if (form.account === newAccount) return { act: 'none', why: 'account' }
    if (form.account !== null)
      return {
        act: 'order',
        account: form.account,
        names: form.freeNames,
        wish: orderRequest(form.challenge),
      }
    const names = form.freeNames.length > 0 ? { names: form.freeNames } : {}
    return { act: 'enable', source: { type: 'free', ...names } }
  }
  if (form.type === 'upload') return decideUpload(form, upload)
  const chosen = certificates.find(({ id }) => id === form.certificateId)
  if (!chosen || !coversDomain(chosen, domain)) return { act: 'none', why: 'choose' }
  if (chosen.id !== current?.id) {
    return { act: 'enable', source: { type: 'vault', certificateId: chosen.id } }
  }
  return state === 'on' ? { act: 'none', why: 'unchanged' } : { act: 'enable', source: { type: 'current' } }
}

export interface OrderRequest {
  challenge: 'http-01' | 'tls-alpn-01' | 'dns-01' | 'dns-persist-01'
  dnsMethod: string | null
}

function orderRequest(challenge: string): OrderRequest {
  if (challenge.startsWith('dns ')) return { challenge: 'dns-01', dnsMethod: challenge.slice(4) }
  const isOther = challenge === 'tls-alpn-01' || challenge === 'dns-persist-01'
  return { challenge: isOther ? challenge : 'http-01', dnsMethod: null }
}

function decideUpload(
  form: HttpsForm,
  { stagingId, readiness }: { stagingId: string | null; readiness: Readiness },
): Decision {
  if (!readiness.ready || stagingId === null) return { act: 'none', why: 'upload', readiness }
  const name = form.name.trim()
  return { act: 'enable', source: { type: 'upload', stagingId, keep: form.keep, ...(name ? { name } : {}) } }
}
