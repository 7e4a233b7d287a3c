import { useCallback } from 'react'
import type { CertificateSummary } from '../../../contract/domains.ts'
import { useClient } from '../../engine/engine-context.tsx'
import { HistoryList } from '../../ui/history/history-list.tsx'

/** What was done with the certificate, as far as the audit trail goes back. */
export function CertificateHistory({ summary }: { summary: CertificateSummary }) {
  const client = useClient()
  const { id } = summary
  const load = useCallback(() => client.certificates.history({ id }), [client, id])
  return <HistoryList load={load} asOf={JSON.stringify(summary)} />
}
