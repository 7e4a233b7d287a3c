import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { Target, TargetServer } from '../../contract/targets/targets.ts'
import { echoOf } from '../../domain/echo.ts'
import type { Core } from '../core/core.ts'
import { storedTargets } from '../core/settings.ts'

export function listTargets({ vault }: Pick<Core, 'vault'>): Target[] {
  return storedTargets.read(vault)
}

/** @throws `target.not_found` */
export function requireTarget(parts: Pick<Core, 'vault'>, name: string): Target {
  const found = listTargets(parts).find((target) => target.name === name)
  if (found) return found
  throw new EdgekeepError('target.not_found', { name: echoOf(name) })
}

/** Changes members of a stored target; inside a change. */
export function changeTarget(
  parts: Pick<Core, 'vault'>,
  name: string,
  changed: (target: Target) => Partial<Target>,
): void {
  const after = listTargets(parts).map((target) =>
    target.name === name ? { ...target, ...changed(target) } : target,
  )
  storedTargets.store(parts.vault, after)
}

export function changeServers(
  parts: Pick<Core, 'vault'>,
  name: string,
  changed: (server: TargetServer) => TargetServer,
): void {
  changeTarget(parts, name, ({ servers }) => ({ servers: servers.map(changed) }))
}
