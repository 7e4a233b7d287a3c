import { z } from 'zod'
import { EdgekeepError, errorRegistry, isErrorCode, type ErrorData } from '../contract/errors/registry.ts'

const readySchema = z.object({
  ok: z.literal(true),
  pid: z.number().int(),
  httpsPort: z.number().int(),
  httpPort: z.number().int(),
})
const refusedSchema = z.object({
  ok: z.literal(false),
  error: z.object({ code: z.string(), message: z.string(), data: z.unknown().optional() }),
})

/** First line on an engine's output, once it serves. */
export type ReadyLine = z.infer<typeof readySchema>

/** Parses an engine's first line; throws the error it names, else `engine.unreachable`. */
export function readReadyLine(line: string): ReadyLine {
  const parsed = z.union([readySchema, refusedSchema]).safeParse(jsonOf(line))
  if (!parsed.success) {
    throw new EdgekeepError('engine.unreachable', { reason: 'its first line is not understood' })
  }
  if (parsed.data.ok) return parsed.data
  const { code, data, message } = parsed.data.error
  if (isErrorCode(code) && errorRegistry[code].data.safeParse(data).success) {
    throw new EdgekeepError(code, data as ErrorData<typeof code>)
  }
  throw new EdgekeepError('engine.unreachable', { reason: message })
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
