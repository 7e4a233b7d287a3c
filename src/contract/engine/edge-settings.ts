import { z } from 'zod'
import { portSchema } from '../shared/port.ts'

const mostWorkers = 64

/** Start settings of the edge: stored in the vault, overridden for one run by options of `up` and `open`. */
export const edgeSettingsSchema = z.object({
  httpsPort: portSchema,
  httpPort: portSchema,
  /**
   * Number of edge workers; more than one needs a system that shares a port between processes. `auto`: one,
   * and up to four while traffic keeps them busy.
   */
  workers: z.union([z.number().int().min(1).max(mostWorkers), z.literal('auto')]),
  /** Port of the Prometheus metrics on 127.0.0.1; null: off. */
  metricsPort: portSchema.nullable(),
})
export type EdgeSettings = z.infer<typeof edgeSettingsSchema>

/** Overrides for one run; absent: the value in the vault. */
export interface EdgeForThisRun {
  httpsPort?: number
  httpPort?: number
  /** Replaces an engine that crashed, on its ports. */
  again?: boolean
  /** If a port is taken: `fail` with `edge.port_taken`, or use the `next` free one and report it. */
  portTaken: 'fail' | 'next'
  workers?: EdgeSettings['workers']
  metricsPort?: number
}

export const edgeSettingsDefaults: EdgeSettings = {
  httpsPort: 8443,
  httpPort: 8080,
  workers: 1,
  metricsPort: null,
}

export const settingNames = Object.keys(edgeSettingsDefaults) as (keyof EdgeSettings)[]

/** Returns the settings in `named` with their values in `settings`, if they have one. */
export function sameSettings(
  named: Partial<EdgeSettings>,
  settings: Partial<EdgeSettings>,
): Partial<EdgeSettings> {
  const picked: Partial<EdgeSettings> = { ...settings }
  for (const name of settingNames) if (named[name] === undefined) delete picked[name]
  return picked
}

export const edgeStartSchema = z.object({
  /** Settings in the vault, used from the next start on. */
  kept: edgeSettingsSchema,
  /** Settings at the start of this run; null if no edge runs. */
  started: edgeSettingsSchema.nullable(),
  /** Settings overridden by an option, for this run only. */
  given: z.array(edgeSettingsSchema.keyof()),
})
export type EdgeStart = z.infer<typeof edgeStartSchema>

/** Returns the settings that changed since this run began and need a restart of Edgekeep. */
export function waitingForStart({ kept, started, given }: EdgeStart): (keyof EdgeSettings)[] {
  if (started === null) return []
  return settingNames.filter((name) => !given.includes(name) && kept[name] !== started[name])
}
