import { z } from 'zod'
import { certificateFactsSchema } from './certificate-facts.ts'
import { base } from './procedure-base.ts'

const rootSchema = z.object({
  facts: certificateFactsSchema,
  pem: z.string(),
  /** DER, in base64. */
  der: z.string(),
})

export const localAuthoritySchema = z.object({
  /** From 1; a new root is a new generation. */
  generation: z.number().int().positive(),
  root: rootSchema,
  /** What signs the certificates; null in a vault of before there were intermediates. */
  intermediate: certificateFactsSchema.nullable(),
  /** DNS suffixes that it may vouch for, beside loopback and private addresses; null where it has no limits. */
  suffixes: z.array(z.string()).nullable(),
  /** Whether it may vouch for TLS clients, too. */
  clients: z.boolean(),
  /** Those among them that were chosen, beyond `localhost`, `test`, `internal` and `home.arpa`. */
  chosen: z.array(z.string()),
  /** Earlier roots that certificates in use still lead to. Their keys are erased. */
  retired: z.array(rootSchema),
})
export type LocalAuthority = z.infer<typeof localAuthoritySchema>

const suffixesSchema = z.array(z.string().min(1).max(253)).max(50)

export const authorityContract = {
  /** Null before the first free certificate. */
  get: base.output(localAuthoritySchema.nullable()),
  /**
   * Makes a new root with an intermediate, which has to be trusted anew, and erases the keys of the one
   * before; certificates that are in use stay as they are. It is held to the suffixes of the one before
   * and those of `allow`, without those of `disallow`. `clients`: whether it may vouch for TLS clients;
   * null leaves that as it is. `clockIsRight`: a person has compared the clock, so it is not judged; makes the first
   * authority too.
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
