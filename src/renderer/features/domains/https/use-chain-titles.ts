import { useEffect, useState } from 'react'
import { useClient } from '../../../connection/engine-context.tsx'

/**
 * Titles from the leaf up to the trust anchor, or of the served chain if untrusted; null until loaded or on
 * failure.
 */
export function useChainTitles(certificateId: string): string[] | null {
  const client = useClient()
  const [titles, setTitles] = useState<{ id: string; chain: string[] } | null>(null)
  useEffect(() => {
    const abort = new AbortController()
    client.certificates.get({ id: certificateId }, { signal: abort.signal }).then(
      ({ chain, verification: { path } }) => {
        const shown = path.length > 0 ? path : chain
        setTitles({ id: certificateId, chain: shown.map(({ title }) => title) })
      },
      () => setTitles(null),
    )
    return () => abort.abort()
  }, [client, certificateId])
  return titles?.id === certificateId ? titles.chain : null
}
