import { EdgekeepError } from '../../contract/errors/registry.ts'
import {
  type PromisedCertificate,
  promisedProblems,
  type ReplacementSide,
  replacementProblems,
} from '../../pki/comparison/replacement.ts'
import { chainFromPem } from '../../pki/facts/certificate.ts'
import { certificateOf } from '../../pki/x509/certificate.ts'
import type { CertificateRow } from '../vault/vault.ts'
import type { Core } from '../core/core.ts'
import { renewalOf } from '../renewal-schedule/renewal-state.ts'
import type { CertificateToServe } from './certificate-to-serve.ts'
import { verifyChain } from './verdicts.ts'

/** Problems of a swap to `chosen`; none if `old` is that certificate already. */
export function problemsOfSwap(
  parts: Core,
  old: CertificateRow | undefined,
  chosen: CertificateToServe,
): string[] {
  const after = 'row' in chosen ? chainFromPem(chosen.row.chainPem) : chosen.material.chainDer
  if ('row' in chosen && chosen.row.id === old?.id) return []
  return replacementProblems(
    old ? sideOf(parts, chainFromPem(old.chainPem)) : null,
    { ...sideOf(parts, after), isRenewed: isRenewed(parts, chosen) },
    parts.clock(),
  )
}

/** Certificates of orders, and of the local authority, renew automatically from the start. */
function isRenewed({ vault }: Core, chosen: CertificateToServe): boolean {
  if (!('row' in chosen)) return chosen.kind === 'free'
  const renewal = renewalOf(chosen.row, vault.renewals.get(chosen.row.id))
  return renewal !== undefined && renewal.method.by !== 'reminder'
}

/** Problems of a swap to a certificate that is still to be issued. */
export function problemsOfPromised(
  parts: Core,
  old: CertificateRow | undefined,
  promised: PromisedCertificate,
): string[] {
  return old ? promisedProblems(sideOf(parts, chainFromPem(old.chainPem)), promised) : []
}

/** @throws `certificate.worse` */
export function requireNoProblem(name: string, problems: string[]): void {
  if (problems.length > 0) throw new EdgekeepError('certificate.worse', { name, problems })
}

/** The verdict is made within the validity period, which the rule compares by itself. */
function sideOf(parts: Core, chain: Uint8Array[]): ReplacementSide {
  const [leaf] = chain
  if (!leaf) throw new TypeError('A chain has at least its leaf')
  const { notBefore, notAfter } = certificateOf(leaf)
  const at = new Date(Math.max(notBefore, Math.min(parts.clock().getTime(), notAfter)))
  return { chain, verification: verifyChain(parts, chain, { at }) }
}
