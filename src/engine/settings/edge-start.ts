import type { EdgeSettings } from '../../contract/engine/edge-settings.ts'
import type { Vault } from '../vault/vault.ts'
import { edgeSettings } from '../core/settings.ts'

export interface StartedWith {
  started: EdgeSettings
  /** Settings overridden for this run only. */
  given: (keyof EdgeSettings)[]
}

/** Start settings of an edge: the stored ones with this run's overrides. */
export function startedWith(
  vault: Pick<Vault, 'settings'>,
  told: { [K in keyof EdgeSettings]?: EdgeSettings[K] | undefined },
): StartedWith {
  const stored = edgeSettings.read(vault)
  const given = (Object.keys(stored) as (keyof EdgeSettings)[]).filter((name) => told[name] !== undefined)
  const started = {
    httpsPort: told.httpsPort ?? stored.httpsPort,
    httpPort: told.httpPort ?? stored.httpPort,
    workers: told.workers ?? stored.workers,
    metricsPort: told.metricsPort ?? stored.metricsPort,
  }
  return { started, given }
}
