import { z } from 'zod'
import { portSchema } from './origins.ts'

const mostWorkers = 64

/** What the edge starts with: kept in the vault, overridden for one run by options of `up` and `open`. */
export const edgeSettingsSchema = z.object({
  httpsPort: portSchema,
  httpPort: portSchema,
  /**
   * How many processes serve; more than one needs a system that shares a port between processes. `auto`: one, and
   * up to four while traffic keeps them busy.
   */
  workers: z.union([z.number().int().min(1).max(mostWorkers), z.literal('auto')]),
  /** Where numbers for Prometheus are served, on 127.0.0.1; null: nowhere. */
  metricsPort: portSchema.nullable(),
})
export type EdgeSettings = z.infer<typeof edgeSettingsSchema>

/** What whoever starts an engine says for this run; absent: what the vault keeps. */
export interface EdgeForThisRun {
  httpsPort?: number | undefined
  httpPort?: number | undefined
  /** Where the engine listened that this one takes the place of; absent: nowhere. */
  samePorts?: { https: number; http: number } | undefined
  /** Where a port is taken: `fail` with `edge.port_taken`, or take the `next` free one and say so. */
  portTaken: 'fail' | 'next'
  /** How many processes serve. */
  workers?: EdgeSettings['workers'] | undefined
  /** Where whoever starts this engine serves its numbers for Prometheus. */
  metricsPort?: number | undefined
}

export const edgeSettingsDefaults: EdgeSettings = {
  httpsPort: 8443,
  httpPort: 8080,
  workers: 1,
  metricsPort: null,
}

export const settingNames = Object.keys(edgeSettingsDefaults) as (keyof EdgeSettings)[]

/** The settings that `named` names, as they are in `settings`; without those that are not in it. */
export function sameSettings(
  named: Partial<EdgeSettings>,
  settings: Partial<EdgeSettings>,
): Partial<EdgeSettings> {
  const picked: Partial<EdgeSettings> = { ...settings }
  for (const name of settingNames) if (named[name] === undefined) delete picked[name]
  return picked
}

export const edgeStartSchema = z.object({
  /** What Edgekeep starts with from the next time on. */
  kept: edgeSettingsSchema,
  /** What this run was started with; null where no edge runs. */
  started: edgeSettingsSchema.nullable(),
  /** What an option has overridden, for this run alone. */
  given: z.array(edgeSettingsSchema.keyof()),
})
export type EdgeStart = z.infer<typeof edgeStartSchema>

/** What has been changed since this run began, and takes effect when Edgekeep is started again. */
export function waitingForStart({ kept, started, given }: EdgeStart): (keyof EdgeSettings)[] {
  if (started === null) return []
  return settingNames.filter((name) => !given.includes(name) && kept[name] !== started[name])
}
