import type { Domain } from '../../../contract/domains/domains.ts'
import type { EngineStatus } from '../../../contract/engine/engine-status.ts'

/** URL of `domain` on this edge; null while the edge does not listen. */
export function addressOf(domain: Domain, edge: EngineStatus['edge'] | undefined): string | null {
  const secure = domain.https.state === 'on'
  const port = (secure ? edge?.https : edge?.http)?.port
  if (port === undefined) return null
  const standard = secure ? 443 : 80
  return `${secure ? 'https' : 'http'}://${hostFor(domain.name)}${port === standard ? '' : `:${port}`}/`
}

/** A resolvable name: `www` replaces the label of a wildcard. */
export function hostFor(name: string): string {
  return name.replace(/^\*\./, 'www.')
}

/** Browsers resolve these names to the loopback address without DNS (RFC 6761, section 6.3). */
export function resolvesByItself(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost')
}
