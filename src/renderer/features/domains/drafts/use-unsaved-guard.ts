import { useEffect } from 'react'
import { useDomains } from '../../../connection/engine-context.tsx'
import { useAskBeforeClose } from '../../../ui/forms/draft.ts'
import { useDrafts } from './draft-store.ts'

/** Makes the browser ask before the window closes with unsaved edits, and drops those of deleted domains. */
export function useUnsavedGuard(): void {
  const byDomain = useDrafts((state) => state.byDomain)
  const forget = useDrafts((state) => state.forget)
  const { status, items } = useDomains((state) => state)
  useEffect(() => {
    if (status === 'waiting') return
    const there = new Set(items.map(({ name }) => name))
    for (const domain of byDomain.keys()) if (!there.has(domain)) forget(domain)
  }, [byDomain, forget, status, items])
  useAskBeforeClose(byDomain.size > 0)
}
