import type { EdgeSettings } from '../../contract/engine/edge-settings.ts'
import { noEdge, type EngineStatus } from '../../contract/engine/engine-status.ts'
import type { RecoveryKeyStatus } from '../../contract/custody/custody.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { productVersion } from '../../contract/engine/product-version.ts'
import { recoveryKeyId } from '../vault/recovery-key.ts'
import { agentPermissions, desktopPreferences, edgeSettings, lockingSettings } from '../core/settings.ts'
import type { Core } from '../core/core.ts'
import type { SettingsNeeds } from './needs.ts'
import { rootProblem } from '../core/root-validity.ts'

export function engineStatus(parts: SettingsNeeds): EngineStatus {
  const { vault, supervisor, startedAt, edgeStart } = parts
  const { inEffect, ...edge } = supervisor?.status() ?? { ...noEdge, inEffect: null }
  return {
    productVersion: productVersion,
    pid: process.pid,
    startedAt: startedAt.toISOString(),
    edge: { ...edge, problem: edge.problem ?? keysProblem(parts) ?? authorityProblem(parts) },
    edgeStart: {
      kept: edgeSettings.read(vault),
      started: edgeStart && { ...edgeStart.started, ...portsWanted(parts) },
      given: edgeStart?.given ?? [],
    },
    configuration: { version: vault.configurationVersion(), inEffect },
    protection: { ...vault.protection },
    locking: lockingSettings(parts),
    desktop: desktopPreferences.read(vault),
    agents: agentPermissions.read(vault),
    recoveryKey: recoveryKeyStatus(parts),
    domains: domainsCounted(parts),
    certificates: vault.certificates.count(),
    portConflicts: parts.portWatch?.conflicts() ?? [],
  }
}

/** Ports that the edge was started with; before that, the stored ones. */
function portsWanted({ vault, supervisor }: SettingsNeeds): Pick<EdgeSettings, 'httpsPort' | 'httpPort'> {
  const { https, http } = supervisor?.status() ?? {}
  const stored = edgeSettings.read(vault)
  return { httpsPort: https?.wantedPort ?? stored.httpsPort, httpPort: http?.wantedPort ?? stored.httpPort }
}

export function recoveryKeyStatus({ vault }: Pick<Core, 'vault'>): RecoveryKeyStatus | null {
  const found = vault.recoveryKey.get()
  return found ? { id: recoveryKeyId(found.publicKey), setAt: found.setAt } : null
}

function domainsCounted({ vault, outages }: SettingsNeeds): EngineStatus['domains'] {
  const { total, onHttps } = vault.domains.count()
  // Bounded, because a change that turns HTTPS off is counted before the edge applies it.
  return { total, onHttps: Math.max(0, onHttps - outages.size), down: Math.min(onHttps, outages.size) }
}

/** While the vault is locked, a restarted or stopped edge has no keys; a damaged key never opens. */
function keysProblem({ vault, outages }: SettingsNeeds): EngineStatus['edge']['problem'] {
  if (outages.size === 0) return null
  const code = vault.protection.locked ? 'edge.without_keys' : 'edge.keys_unreadable'
  const { message } = new EdgekeepError(code, { domains: [...outages.keys()] })
  return { code, message }
}

/** Problem of a root made while the clock was ahead: clients reject its certificates. */
function authorityProblem(parts: SettingsNeeds): EngineStatus['edge']['problem'] {
  const problem = rootProblem(parts)
  return problem && { code: problem.code, message: problem.message }
}

export function publishStatus(parts: SettingsNeeds): void {
  const { statusChanged, status } = parts.topics
  statusChanged.follow(() => status.publish(engineStatus(parts)))
}
