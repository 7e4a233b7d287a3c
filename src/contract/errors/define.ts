import { z } from 'zod'
import { placeSchema } from './place.ts'

export type ErrorKind = 'input' | 'state' | 'trouble'
interface ErrorDefinition<S extends z.ZodType> {
  /** `input`: the caller can mend it; `state`: the answer is no; `trouble`: the engine could not. */
  kind: ErrorKind
  data: S
  /** One or two sentences: what is wrong, where, and what to do. */
  sentence: (data: z.infer<S>) => string
}

export function define<S extends z.ZodType>(
  kind: ErrorKind,
  data: S,
  sentence: (data: z.infer<S>) => string,
): ErrorDefinition<S> {
  return { kind, data, sentence }
}

/** Shapes of data that several errors have. */
export const none = z.object({})
export const atPlace = z.object({ place: placeSchema.optional() })
export const withReason = z.object({ place: placeSchema.optional(), reason: z.string() })
export const named = z.object({ name: z.string() })
