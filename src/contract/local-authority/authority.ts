import { z } from 'zod'
import { certificateFactsSchema } from '../inspect/certificate-facts.ts'
import { base } from '../shared/procedure-base.ts'

const rootSchema = z.object({
  facts: certificateFactsSchema,
  pem: z.string(),
  /** Base64 of the DER. */
  der: z.string(),
})

export const localAuthoritySchema = z.object({
  /** Starts at 1; a new root is a new generation. */
  generation: z.number().int().positive(),
  root: rootSchema,
  /** Issuer of the certificates; null in a vault older than intermediates. */
  intermediate: certificateFactsSchema.nullable(),
  intermediatePem: z.string().nullable(),
  /** DNS suffixes that it may vouch for, beside loopback and private addresses; null: no name constraints. */
  suffixes: z.array(z.string()).nullable(),
  /** Allows client certificates. */
  clients: z.boolean(),
  /** Suffixes that a person added to `localhost`, `test`, `local`, `internal` and `home.arpa`. */
  chosen: z.array(z.string()),
  /** Earlier roots of certificates still in use. The keys of the roots are erased. */
  retired: z.array(rootSchema),
})
export type LocalAuthority = z.infer<typeof localAuthoritySchema>

const suffixesSchema = z.array(z.string().min(1).max(253)).max(50)

export const authorityContract = {
  /** Null before the first free certificate. */
  get: base.output(localAuthoritySchema.nullable()),
  /**
   * Creates a new root with an intermediate, which needs new trust, and erases the previous keys;
   * certificates in use stay. Its name constraints are those of the previous root and `allow`, without
   * `disallow`. `clients`: whether it may vouch for TLS clients; null: unchanged. `clockIsRight`: a person
   * has compared the clock, so it is not checked. Also creates the first authority.
   */
  rotate: base
    .input(
      z.object({
        allow: suffixesSchema.default([]),
        disallow: suffixesSchema.default([]),
        clients: z.boolean().nullable().default(null),
        clockIsRight: z.boolean().default(false),
      }),
    )
    .output(localAuthoritySchema),
}
