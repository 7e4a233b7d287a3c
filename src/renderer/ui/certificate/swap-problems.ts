import type { TFunction } from 'i18next'
import { useEffect, useState } from 'react'
import type { PreviewSource } from '../../../contract/certificates/https.ts'
import { useClient } from '../../connection/engine-context.tsx'

/** Problems of serving `domain` with `source`; null until they are known. Without a source there are none. */
export function useSwapProblems(domain: string, source: PreviewSource | null): string[] | null {
  const client = useClient()
  const [known, setKnown] = useState<{ of: string; problems: string[] } | null>(null)
  const asked = source === null ? null : JSON.stringify({ domain, source })
  useEffect(() => {
    if (asked === null) return
    const abort = new AbortController()
    const keep = (problems: string[]) => setKnown({ of: asked, problems })
    client.https.preview(JSON.parse(asked), { signal: abort.signal }).then(
      ({ problems }) => keep(problems),
      // Saving is refused with the reason.
      () => (abort.signal.aborted ? undefined : keep([])),
    )
    return () => abort.abort()
  }, [client, asked])
  if (asked === null) return []
  return known?.of === asked ? known.problems : null
}

/** `2 problems: …; ….`, or null without any. */
export function problemsSentence(problems: readonly string[], t: TFunction<'ui'>): string | null {
  if (problems.length === 0) return null
  return t('worse.problems', { count: problems.length, problems: problems.join('; ') })
}
