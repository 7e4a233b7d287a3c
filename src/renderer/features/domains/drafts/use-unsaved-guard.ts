import { useEffect } from 'react'
import { useDomains } from '../../../engine/engine-context.tsx'
import { useDrafts } from './draft-store.ts'

/** Has the browser ask before the window closes over unsaved edits, and forgets those of domains that are gone. */
export function useUnsavedGuard(): void {
  const byDomain = useDrafts((state) => state.byDomain)
  const forget = useDrafts((state) => state.forget)
  const { status, items } = useDomains((state) => state)
  useEffect(() => {
    if (status === 'waiting') return
    const there = new Set(items.map(({ name }) => name))
    for (const domain of byDomain.keys()) if (!there.has(domain)) forget(domain)
  }, [byDomain, forget, status, items])
  const isUnsaved = byDomain.size > 0
  useEffect(() => {
    if (!isUnsaved) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [isUnsaved])
}
