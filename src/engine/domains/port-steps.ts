import type { CheckReport } from '../../contract/domains/domains.ts'
import { movedListenerAdvice, movedListeners } from '../../domain/moved-listener.ts'
import { portConflictMessage } from '../../domain/port-conflict.ts'
import type { StoredCheck } from '../vault/vault.ts'
import type { DomainNeeds } from './needs.ts'

type Ports = NonNullable<StoredCheck['ports']>

/** Steps for other programs on the edge's and on fixed ports, which the other steps do not detect. */
export function portSteps({
  portWatch,
  supervisor,
}: Pick<DomainNeeds, 'portWatch' | 'supervisor'>): CheckReport['steps'] {
  const { https = null, http = null } = supervisor?.status() ?? {}
  const moved = movedListeners({ https, http }).map((listener) => ({
    id: `port-${listener.wantedPort}`,
    title: `Port ${listener.wantedPort}`,
    ok: false,
    seen: movedListenerAdvice(listener),
  }))
  const current = portWatch?.conflicts().filter(({ endedAt }) => endedAt === null) ?? []
  const conflicts = current
    .filter(({ holder }) => holder.isStranger)
    .map((conflict) => ({
      id: `port-${conflict.use}`,
      title: `Port ${conflict.port}`,
      ok: false,
      seen: portConflictMessage(conflict),
    }))
  return [...moved, ...conflicts]
}

/** Facts about ports that a verification depends on; null while the edge does not listen. */
export function portFacts(parts: Pick<DomainNeeds, 'portWatch' | 'supervisor'>): Ports | null {
  const { https, http } = parts.supervisor?.status() ?? {}
  if (!https || !http) return null
  return { https: https.port, http: http.port, faults: portSteps(parts).map(({ id }) => id) }
}
