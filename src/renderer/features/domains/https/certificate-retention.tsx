import { Checkbox } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { CertificateSummary, Domain } from '../../../../contract/domains/domains.ts'
import { fateAfterRelease, fateAfterSwap, holderOf } from '../../../../domain/certificate-retention.ts'
import { useCertificates, useDomains, useClient } from '../../../connection/engine-context.tsx'

/** Lists the certificates (and keys) that an act deletes or leaves, and offers to keep them. */
export function FateOfCertificates(props: {
  erased: readonly CertificateSummary[]
  left: readonly CertificateSummary[]
  keep: boolean
  onKeep: (keep: boolean) => void
}) {
  const { t } = useTranslation('domains')
  const names = (certificates: readonly CertificateSummary[]) =>
    certificates.map(({ name }) => `“${name}”`).join(', ')
  return (
    <>
      {props.erased.length > 0 ? (
        <>
          <p>
            {t(props.keep ? 'settings.off.kept' : 'settings.off.erased')}{' '}
            <span className={props.keep ? 'strong' : 'no medium'}>{names(props.erased)}</span>.
          </p>
          <Checkbox
            mt="xs"
            label={t('settings.off.keep', { count: props.erased.length })}
            checked={props.keep}
            onChange={(event) => props.onKeep(event.currentTarget.checked)}
          />
        </>
      ) : null}
      {props.left.length > 0 ? (
        <p>
          {t('settings.off.kept')} <strong>{names(props.left)}</strong>.
        </p>
      ) : null}
    </>
  )
}

/** Certificates that are deleted or left when `domain` turns HTTPS off. */
export function useCertificateFate(domain: Domain): {
  erased: CertificateSummary[]
  left: CertificateSummary[]
} {
  const certificates = useCertificates((state) => state.items)
  const domains = useDomains((state) => state.items)
  return fateAfterRelease(domain, { certificates, domains })
}

/**
 * Certificates that are deleted when `domain` swaps to `nextId`; null for a certificate not in the vault yet,
 * undefined for no swap.
 */
export function useErasedBySwap(domain: Domain, nextId: string | null | undefined): CertificateSummary[] {
  const certificates = useCertificates((state) => state.items)
  const domains = useDomains((state) => state.items)
  if (nextId === undefined) return []
  return fateAfterSwap([domain.name], nextId, { certificates, holders: domains.map(holderOf) }).erased
}

/** Marks as kept the certificates that turning HTTPS off would delete. Call it before turning off. */
export function useKeepCertificates(domain: Domain): () => Promise<void> {
  const client = useClient()
  const { erased } = useCertificateFate(domain)
  return async () => {
    for (const { id } of erased) await client.certificates.setKept({ id, kept: true })
  }
}
