import { useSyncExternalStore } from 'react'
import { navigate } from 'wouter/use-hash-location'

/** Location hook of the router. A query in the hash is the page's own (`ui/views/list-view.ts`). */
export function usePagePath(): [string, typeof navigate] {
  return [useSyncExternalStore(subscribe, pagePath), navigate]
}
usePagePath.hrefs = (href: string) => `#${href}`

function pagePath(): string {
  const [path = ''] = location.hash.split('?')
  return path.replace(/^#?\/?/, '/')
}

function subscribe(changed: () => void): () => void {
  addEventListener('hashchange', changed)
  return () => removeEventListener('hashchange', changed)
}
