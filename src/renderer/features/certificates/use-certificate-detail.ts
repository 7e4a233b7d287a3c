import { useEffect, useState } from 'react'
import type { CertificateDetail } from '../../../contract/certificates/procedures.ts'
import { useClient, useConnection } from '../../connection/engine-context.tsx'
import { useCall } from '../../ui/feedback/feedback.tsx'

export function useCertificateDetail(id: string) {
  const client = useClient()
  const connected = useConnection() === 'connected'
  const { run, error } = useCall()
  const [detail, setDetail] = useState<CertificateDetail | null>(null)
  useEffect(() => {
    let current = true
    if (connected) {
      void run(() => client.certificates.get({ id })).then((answer) => {
        if (current && answer) setDetail(answer)
      })
    }
    return () => {
      current = false
    }
  }, [client, connected, id, run])
  return { detail: detail?.summary.id === id ? detail : null, error }
}
