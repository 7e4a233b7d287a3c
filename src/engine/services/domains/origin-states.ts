import type { OriginState } from '../../../contract/origins.ts'
import { announce } from '../core/commit.ts'
import type { EngineParts } from '../core/parts.ts'

/** Keeps what the edge tells of a domain's origins, which is no change of the configuration, and tells the watchers. */
export function noteOriginStates(parts: EngineParts, domain: string, states: OriginState[]): void {
  if (states.length > 0) parts.originStates.set(domain, states)
  else parts.originStates.delete(domain)
  announce(parts, { domains: [domain] })
}
