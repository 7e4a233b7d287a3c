import type { CertificateSummary, Domain } from '../../../../contract/domains/domains.ts'
import type { TagChanges } from '../../../../contract/shared/tags.ts'
import { isRenewable } from '../../../../domain/bulk-plan.ts'
import { tagStep, undoneTagStep, type TagStep } from '../../../../domain/changed-tags.ts'

export const certificateActs = ['renew', 'tag', 'remove'] as const
export type CertificateAct = (typeof certificateActs)[number]

/** `skip`: the act would change nothing, or cannot be done (`isRefused`). */
export interface CertificateStep extends Omit<TagStep, 'text'> {
  certificate: CertificateSummary
  text: TagStep['text'] | 'renew' | 'notRenewable' | 'remove' | 'inUse'
  /** Number of domains that can no longer go back to it. */
  rollbacks?: number
}

const refused: readonly CertificateStep['text'][] = ['notRenewable', 'inUse', 'tooManyTags']

/** Whether the act cannot be done, which is more than nothing to do. */
export function isRefused({ text }: CertificateStep): boolean {
  return refused.includes(text)
}

export interface CertificateFacts {
  domains: readonly Pick<Domain, 'https'>[]
  tags: TagChanges
}

export function planCertificates(
  act: CertificateAct,
  certificates: readonly CertificateSummary[],
  { domains, tags }: CertificateFacts,
): CertificateStep[] {
  switch (act) {
    case 'tag':
      return certificates.map((one) => ({ certificate: one, ...tagStep(one.name, one.tags, tags) }))
    case 'renew':
      return certificates.map((certificate) =>
        isRenewable(certificate)
          ? { certificate, skip: false, text: 'renew' }
          : { certificate, skip: true, text: 'notRenewable' },
      )
    case 'remove': {
      const rollbacks = rollbacksById(domains)
      return certificates.map((certificate) =>
        certificate.usedBy.length > 0
          ? { certificate, skip: true, text: 'inUse' }
          : { certificate, skip: false, text: 'remove', rollbacks: rollbacks.get(certificate.id) ?? 0 },
      )
    }
  }
}

/** Undo of a completed step; null if it cannot be undone. */
export function undoOf(step: CertificateStep): CertificateStep | null {
  const { certificate, text } = step
  return text === 'tag' ? { certificate, ...undoneTagStep(certificate.tags, step) } : null
}

function rollbacksById(domains: CertificateFacts['domains']): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { https } of domains) {
    const id = https.previousCertificate?.id
    if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1)
  }
  return counts
}
