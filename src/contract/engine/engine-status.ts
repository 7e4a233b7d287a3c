import { z } from 'zod'
import { lockingSchema, protectionSchema, recoveryKeyStatusSchema } from '../custody/custody.ts'
import { agentPermissionsSchema } from './agents.ts'
import { desktopPreferencesSchema } from './desktop.ts'
import { edgeStartSchema } from './edge-settings.ts'
import { portConflictSchema } from './fixed-ports.ts'
import { publishedSchema } from '../lan/published.ts'
import { portSchema } from '../shared/port.ts'
import { timeSchema } from '../shared/time.ts'

export const listenerSchema = z.object({
  /** Port in use; differs from `wantedPort` if that was taken. */
  port: portSchema,
  wantedPort: portSchema,
  addresses: z.array(z.string()),
  /** Whether another program has the requested port now: it may have left it since. */
  isTaken: z.boolean(),
  /** Whether this user may not listen on the requested port. */
  isForbidden: z.boolean(),
  /** Description of that program; null also if it is unknown. */
  takenBy: z.string().nullable(),
})

export const engineStatusSchema = z.object({
  productVersion: z.string(),
  pid: z.number().int(),
  startedAt: timeSchema,
  edge: z.object({
    /** `stopped`: this engine runs no edge (a command opened the vault itself). */
    state: z.enum(['stopped', 'starting', 'running', 'restarting', 'failed']),
    https: listenerSchema.nullable(),
    http: listenerSchema.nullable(),
    /** Addresses of this computer in its networks, each with the domains that other devices reach there. */
    published: z.array(publishedSchema),
    /** Workers that serve or are starting. */
    workerPids: z.array(z.number().int()),
    restarts: z.number().int(),
    /** Number of the edge's own faults since the engine started; each is in the log. */
    faults: z.number().int(),
    problem: z.object({ code: z.string(), message: z.string() }).nullable(),
  }),
  edgeStart: edgeStartSchema,
  configuration: z.object({ version: z.number().int(), inEffect: z.number().int().nullable() }),
  protection: protectionSchema,
  locking: lockingSchema,
  desktop: desktopPreferencesSchema,
  agents: agentPermissionsSchema,
  /** Recovery key that backups are sealed to; null before one is set up. */
  recoveryKey: recoveryKeyStatusSchema.nullable(),
  domains: z.object({
    total: z.number().int(),
    /** Domains with HTTPS on that are not `down`. */
    onHttps: z.number().int(),
    /** Domains with HTTPS on whose key the edge lacks. */
    down: z.number().int(),
  }),
  certificates: z.number().int(),
  /**
   * Other programs on ports that are configured in browsers and other programs; those of other users first.
   */
  portConflicts: z.array(portConflictSchema),
})
export type EngineStatus = z.infer<typeof engineStatusSchema>

/** Status without an edge. */
export const noEdge: EngineStatus['edge'] = {
  state: 'stopped',
  https: null,
  http: null,
  published: [],
  workerPids: [],
  restarts: 0,
  faults: 0,
  problem: null,
}
