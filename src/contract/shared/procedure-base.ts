import { oc } from '@orpc/contract'
import { z } from 'zod'
import { domainNameSchema } from './domain-name.ts'

import { errorRegistry, type ErrorCode, type ErrorData } from '../errors/registry.ts'

type ErrorMap = { [C in ErrorCode]: { data: z.ZodType<ErrorData<C>> } }
const errorMap = Object.fromEntries(
  Object.entries(errorRegistry).map(([code, definition]) => [code, { data: definition.data }]),
) as unknown as ErrorMap

/** Base of every procedure: it may fail with any error of the registry. */
export const base = oc.errors(errorMap)

export const byDomain = z.object({ domain: domainNameSchema })
