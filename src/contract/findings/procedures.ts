import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { domainNameSchema } from '../shared/domain-name.ts'
import { findingSchema } from './findings.ts'
import { base } from '../shared/procedure-base.ts'

const byDomain = z.object({ domain: domainNameSchema })

export const findingsContract = {
  /** Latest first; those since the engine started. */
  list: base.input(byDomain).output(z.array(findingSchema)),
  watch: base
    .input(byDomain)
    .output(
      eventIterator(
        z.discriminatedUnion('type', [
          z.object({ type: z.literal('snapshot'), items: z.array(findingSchema) }),
          z.object({ type: z.literal('changed'), item: findingSchema }),
          z.object({ type: z.literal('removed'), key: z.string() }),
        ]),
      ),
    ),
  clear: base.input(byDomain).output(z.object({})),
}
