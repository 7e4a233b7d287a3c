import { useEffect, useState } from 'react'
import { asEdgekeepError } from '../../../../client/client.ts'
import type { EdgekeepError } from '../../../../contract/errors/registry.ts'
import type { Replaced, Replacement } from '../../../../contract/certificates/records.ts'
import { useClient } from '../../../connection/engine-context.tsx'
import { useCall } from '../../../ui/feedback/feedback.tsx'

interface Request {
  id: string
  with: Replacement
  domains: string[]
  allOrNothing: boolean
}

type Preview = { of: Request; replaced: Replaced | null; error: EdgekeepError | null }

/** Dry run of `request`, repeated whenever the request changes. */
export function usePreview(request: Request | null) {
  const client = useClient()
  const [preview, setPreview] = useState<Preview | null>(null)
  const asked = request === null ? null : JSON.stringify(request)
  useEffect(() => {
    if (asked === null) return
    const abort = new AbortController()
    const of = JSON.parse(asked) as Request
    client.certificates.replace({ ...of, dryRun: true }, { signal: abort.signal }).then(
      (replaced) => setPreview({ of, replaced, error: null }),
      (error: unknown) => {
        if (!abort.signal.aborted) setPreview({ of, replaced: null, error: asEdgekeepError(error) })
      },
    )
    return () => abort.abort()
  }, [client, asked])
  return preview && JSON.stringify(preview.of) === asked ? preview : null
}

/** Runs a replacement; `keepOld` keeps certificates that it would delete. Undefined on failure. */
export function useReplace() {
  const call = useCall()
  const replace = (request: Request, options: { keepOld: boolean; acceptWorse: boolean }) =>
    call.run((client) => client.certificates.replace({ ...request, ...options }))
  return { call, replace }
}

export interface ReplacementForm {
  type: 'vault' | 'upload'
  certificateId: string | null
  /** Excluded domains. */
  without: readonly string[]
  allOrNothing: boolean
  /** Keeps certificates that the swap would delete. */
  keepOld: boolean
}

export const initialForm: ReplacementForm = {
  type: 'vault',
  certificateId: null,
  without: [],
  allOrNothing: false,
  keepOld: false,
}

/** Replacement chosen in the form; null if missing or unsuitable. */
export function replacementOf(
  form: ReplacementForm,
  staged: { stagingId: string | null; ready: boolean },
  keep: boolean,
): Replacement | null {
  if (form.type === 'vault')
    return form.certificateId === null ? null : { type: 'vault', certificateId: form.certificateId }
  if (!staged.ready || staged.stagingId === null) return null
  return { type: 'upload', stagingId: staged.stagingId, keep }
}

export function countReplaced({ domains }: Replaced): number {
  return domains.filter(({ outcome }) => outcome === 'replaced').length
}
