import type { EngineStatus } from '../contract/engine-status.ts'

/** The front page of a domain at the edge; a wildcard is opened under one of its names. */
export function urlOf(domain: string, status: EngineStatus | null): string {
  const port = status?.edge.https?.port ?? 443
  const host = domain.startsWith('*.') ? `www.${domain.slice(2)}` : domain
  return `https://${host}${port === 443 ? '' : `:${port}`}/`
}
