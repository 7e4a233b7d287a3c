import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { originSchema } from '../domains/origins.ts'
import { domainNameSchema } from '../shared/domain-name.ts'
import { base } from '../shared/procedure-base.ts'
import { timeSchema } from '../shared/time.ts'

const serviceFields = {
  /** Folder of the checkout: its services are siblings. */
  project: z.string().min(1).max(4096),
  service: z.string().min(1).max(100),
  /** Folder of its edgekeep.yaml; null: without one. */
  fileFolder: z.string().max(4096).nullable().default(null),
  /** Branch of git when it was started. */
  branch: z.string().max(250).nullable().default(null),
}

/** Development server that has a domain for as long as it runs. */
export const runSchema = z.object({
  ...serviceFields,
  domain: z.string(),
  address: z.url(),
  since: timeSchema,
})
export type Run = z.infer<typeof runSchema>

const serveInputSchema = z.strictObject({
  ...serviceFields,
  /** The first free one is taken. */
  names: z.array(domainNameSchema).min(1).max(20),
  origin: originSchema,
  /** Its server listens at `origin`; until then the domain answers a page, and nothing is sent there. */
  listens: z.boolean().default(true),
})
export type ServeInput = z.infer<typeof serveInputSchema>

export const runsContract = {
  /**
   * Adds a domain with HTTPS, yields it, and again with each new address after the edge moved, and removes it
   * with its certificate when the call ends, also by the loss of the connection.
   */
  serve: base.input(serveInputSchema).output(eventIterator(runSchema)),
  /** Points a running domain at the socket on which its server listens, or listened until now. */
  point: base
    .input(
      serveInputSchema.pick({ origin: true }).extend({
        domain: domainNameSchema,
        listens: z.boolean(),
        /** Exit status of the server, once it has ended. */
        status: z.int().min(0).max(255).optional(),
      }),
    )
    .output(z.object({})),
  list: base.output(z.array(runSchema)),
}
