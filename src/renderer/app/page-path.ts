import { useSyncExternalStore } from 'react'

export const firstPage = '/domains'

/** Completes an address without a page before the first render: a redirect would render the page in one more task. */
export function openFirstPage(): void {
  if (pagePath() === '/') history.replaceState(history.state, '', `#${firstPage}`)
}

/** Location hook of the router. A query in the hash is the page's own (`ui/views/list-view.ts`). */
export function usePagePath(): [string, typeof navigate] {
  return [useSyncExternalStore(subscribe, pagePath), navigate]
}
usePagePath.hrefs = (href: string) => `#${href}`

function pagePath(): string {
  const [path = ''] = location.hash.split('?')
  return path.replace(/^#?\/?/, '/')
}

/** Navigates within the hash, query included; wouter's own puts the query before the hash. */
function navigate(to: string, o: { replace?: boolean } = {}): void {
  history[o.replace ? 'replaceState' : 'pushState'](null, '', `#${to}`)
  dispatchEvent(new HashChangeEvent('hashchange'))
}

function subscribe(changed: () => void): () => void {
  addEventListener('hashchange', changed)
  return () => removeEventListener('hashchange', changed)
}
