import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { agentPermissionsSchema } from './agents.ts'
import { desktopPreferencesSchema } from './desktop.ts'
import { edgeSettingsSchema } from './edge-settings.ts'
import { engineStatusSchema } from './engine-status.ts'
import { base } from '../shared/procedure-base.ts'

export const engineContract = {
  status: base.output(engineStatusSchema),
  watch: base.output(eventIterator(engineStatusSchema)),
  /** Ends the engine after its answer; its host ends too, or starts the next one with the stored settings. */
  end: base.input(z.object({ restart: z.boolean() })).output(z.object({ pid: z.number().int() })),
  /**
   * Stores settings for the next start of the edge and returns all stored ones. `read`: the settings as the
   * caller read them; if one has changed since, nothing is saved (`edge.changed_meanwhile`).
   */
  setEdge: base
    .input(
      z.object({ settings: edgeSettingsSchema.partial(), read: edgeSettingsSchema.partial().optional() }),
    )
    .output(edgeSettingsSchema),
  /** Partial update of what agents may change. */
  setAgents: base.input(agentPermissionsSchema.partial()).output(agentPermissionsSchema),
}

export const agentsContract = {
  /**
   * Records that an agent is about to read files of this computer: its tool reads them only after that, so that it
   * cannot look unseen for files that do not exist or are refused.
   */
  readFiles: base
    .input(z.strictObject({ files: z.array(z.string().max(4096)).max(20) }))
    .output(z.object({})),
}

export const desktopContract = {
  /** Partial update; the status shows what is in effect. */
  setPreferences: base.input(desktopPreferencesSchema.partial()).output(desktopPreferencesSchema),
}
