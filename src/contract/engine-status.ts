import { z } from 'zod'
import { lockingSchema, protectionSchema, recoveryKeyStatusSchema } from './custody.ts'
import { desktopPreferencesSchema } from './desktop.ts'
import { edgeStartSchema } from './edge-settings.ts'
import { portConflictSchema } from './kept-ports.ts'
import { portSchema } from './origins.ts'
import { timeSchema } from './certificate-facts.ts'

export const listenerSchema = z.object({
  /** Port in use; differs from `wantedPort` where that was taken. */
  port: portSchema,
  wantedPort: portSchema,
  addresses: z.array(z.string()),
  /** Who had the wanted port, in words. */
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
    /** Of the processes that serve or are about to. */
    workerPids: z.array(z.number().int()),
    restarts: z.number().int(),
    /** What went wrong in the edge itself since the engine started; each is in the log. */
    faults: z.number().int(),
    problem: z.object({ code: z.string(), message: z.string() }).nullable(),
  }),
  edgeStart: edgeStartSchema,
  configuration: z.object({ version: z.number().int(), inEffect: z.number().int().nullable() }),
  protection: protectionSchema,
  locking: lockingSchema,
  desktop: desktopPreferencesSchema,
  /** What backups are sealed to; null before one is set up. */
  recoveryKey: recoveryKeyStatusSchema.nullable(),
  domains: z.object({
    total: z.number().int(),
    /** Those that have HTTPS on and are not `down`. */
    onHttps: z.number().int(),
    /** Those that have HTTPS on and that the edge has no key for. */
    down: z.number().int(),
  }),
  certificates: z.number().int(),
  /** Other programs on ports that browsers and other programs were given, other users' first. */
  portConflicts: z.array(portConflictSchema),
})
export type EngineStatus = z.infer<typeof engineStatusSchema>

/** The edge of an engine that runs none, or not yet. */
export const noEdge: EngineStatus['edge'] = {
  state: 'stopped',
  https: null,
  http: null,
  workerPids: [],
  restarts: 0,
  faults: 0,
  problem: null,
}
