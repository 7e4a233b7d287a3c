import { z } from 'zod'

/** Changes that the person allows to agents (`edgekeep mcp`), by what they change. Reading needs none. */
export const agentPermissionsSchema = z.object({
  /** Adding domains and setting their origin. */
  domains: z.boolean(),
  /** Importing certificates, and turning HTTPS on with one. */
  certificates: z.boolean(),
})
export type AgentPermissions = z.infer<typeof agentPermissionsSchema>

export const agentPermissionsDefaults = { domains: false, certificates: false } as const
