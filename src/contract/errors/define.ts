import { z } from 'zod'
import { placeSchema } from './place.ts'

export type ErrorKind = 'input' | 'state' | 'trouble'
interface ErrorDefinition<S extends z.ZodType> {
  /** `input`: the caller can fix it; `state`: the answer is no; `trouble`: the engine failed. */
  kind: ErrorKind
  data: S
  /** One or two sentences: the fault, its place, and the remedy. */
  sentence: (data: z.infer<S>) => string
}

export function define<S extends z.ZodType>(
  kind: ErrorKind,
  data: S,
  sentence: (data: z.infer<S>) => string,
): ErrorDefinition<S> {
  return { kind, data, sentence }
}

export const none = z.object({})
export const atPlace = z.object({ place: placeSchema.optional() })
export const withReason = z.object({ place: placeSchema.optional(), reason: z.string() })
export const named = z.object({ name: z.string() })
