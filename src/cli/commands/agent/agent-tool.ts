import type { z } from 'zod'
import type { Client } from '../../../client/client.ts'

interface ToolOf<S extends z.ZodRawShape> {
  name: string
  description: string
  inputSchema: S
  /** Needs a permission of the person. */
  isChange?: boolean
  run(client: Client, input: z.infer<z.ZodObject<S>>): Promise<unknown>
}

export type AgentTool = ToolOf<z.ZodRawShape>

/** Ties the input of a tool to its schema, by which the SDK has parsed it. */
export function agentTool<S extends z.ZodRawShape>(tool: ToolOf<S>): AgentTool {
  return tool as unknown as AgentTool
}
