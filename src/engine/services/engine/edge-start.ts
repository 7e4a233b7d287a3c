import {
  edgeSettingsDefaults,
  edgeSettingsSchema,
  type EdgeSettings,
} from '../../../contract/edge-settings.ts'
import type { Vault } from '../../vault/vault.ts'

type Settings = Pick<Vault, 'settings'>

const KEY = 'edge.settings'

export function keptEdgeSettings({ settings }: Settings): EdgeSettings {
  const stored = settings.get(KEY)
  return stored === undefined ? edgeSettingsDefaults : edgeSettingsSchema.parse(JSON.parse(stored))
}

/** To be called inside a change. */
export function storeEdgeSettings({ settings }: Settings, wanted: EdgeSettings): void {
  settings.set(KEY, JSON.stringify(wanted))
}

export interface StartedWith {
  started: EdgeSettings
  /** What was told for this run alone. */
  given: (keyof EdgeSettings)[]
}

/** What an edge starts with: what is kept, but for what this run was told. */
export function startedWith(
  vault: Settings,
  told: { [K in keyof EdgeSettings]?: EdgeSettings[K] | undefined },
): StartedWith {
  const kept = keptEdgeSettings(vault)
  const given = (Object.keys(kept) as (keyof EdgeSettings)[]).filter((name) => told[name] !== undefined)
  const started = {
    httpsPort: told.httpsPort ?? kept.httpsPort,
    httpPort: told.httpPort ?? kept.httpPort,
    workers: told.workers ?? kept.workers,
    metricsPort: told.metricsPort ?? kept.metricsPort,
  }
  return { started, given }
}
