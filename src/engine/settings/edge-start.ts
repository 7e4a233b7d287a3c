import type { EdgeSettings } from '../../contract/edge-settings.ts'
import type { Vault } from '../vault/vault.ts'
import { edgeSettings } from '../core/settings.ts'

export interface StartedWith {
  started: EdgeSettings
  /** What was told for this run alone. */
  given: (keyof EdgeSettings)[]
}

/** What an edge starts with: what is kept, but for what this run was told. */
export function startedWith(
  vault: Pick<Vault, 'settings'>,
  told: { [K in keyof EdgeSettings]?: EdgeSettings[K] | undefined },
): StartedWith {
  const kept = edgeSettings.read(vault)
  const given = (Object.keys(kept) as (keyof EdgeSettings)[]).filter((name) => told[name] !== undefined)
  const started = {
    httpsPort: told.httpsPort ?? kept.httpsPort,
    httpPort: told.httpPort ?? kept.httpPort,
    workers: told.workers ?? kept.workers,
    metricsPort: told.metricsPort ?? kept.metricsPort,
  }
  return { started, given }
}
