import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { intakeReportSchema, timeSchema, verificationSchema } from './certificate-facts.ts'
import { hexSchema } from './hex.ts'
import { asn1PartSchema } from './asn1.ts'
import { cleanFilesSchema } from './clean-files.ts'
import { comparisonSchema } from './comparison.ts'
import { passphraseSchema } from './custody.ts'
import { diagnosedSchema } from './diagnosis.ts'
import { lintReportSchema, lintScopeSchema } from './lint.ts'
import { preflightSchema } from './preflight.ts'
import { isObjectIdentifier } from './text/object-identifier.ts'
import { base } from './procedure-base.ts'
import { remoteReportSchema } from './remote.ts'
import { timelineSchema } from './timeline.ts'

const files = z.array(z.file()).min(1).max(1000)

/** Files and what opens them: certificates can lie in an archive. */
const given = z.object({ files, passphrase: passphraseSchema.optional() })

/** The certificate that is meant, by fingerprint; absent: the first leaf among the files. */
const oneOf = given.extend({ leafSha256: hexSchema.optional() })

const question = oneOf.extend({
  /** PEM anchors; absent: public roots, system roots and the local authority. */
  anchors: z.array(z.file()).max(1000).optional(),
  host: z.string().max(255).optional(),
  at: timeSchema.optional(),
})

/** What a certificate is used for; absent: a server. */
export const purposeSchema = z.enum(['server', 'client', 'any'])
const judged = question.extend({ purpose: purposeSchema.optional() })

/** Object identifiers of certificate policies, as `2.23.140.1.2.1`. */
const policyOidSchema = z.string().max(1300).refine(isObjectIdentifier)

/** The inputs of path validation by policy (RFC 5280, section 6.1.1 (c) to (g)); absent: none is asked for. */
const policyInputsSchema = z.strictObject({
  /** One of these has to hold for the leaf; absent: any. */
  acceptable: z.array(policyOidSchema).min(1).max(100).optional(),
  requireExplicit: z.boolean().optional(),
  inhibitMapping: z.boolean().optional(),
  inhibitAny: z.boolean().optional(),
})
export type PolicyInputs = z.infer<typeof policyInputsSchema>

/** `web` also holds it to the CA/Browser Forum's rules for issuers; absent: `rfc5280`. */
const profileSchema = z.enum(['rfc5280', 'web'])

/** A question whose rules can be made stricter. */
const ruled = judged.extend({ policies: policyInputsSchema.optional(), profile: profileSchema.optional() })

/** How far deriving the keys of a file is, from 0 to 1. */
const openingSchema = z.object({ done: z.number().min(0).max(1) })
export type Opening = z.infer<typeof openingSchema>

/** Looking into files: nothing is stored, and no answer holds a key. */
export const inspectContract = {
  /** Progress of deriving keys in calls that open files; such a call can be aborted. */
  openings: base.output(eventIterator(openingSchema)),
  /** Reads files; nothing is stored. */
  read: base.input(given).output(intakeReportSchema),
  verify: base.input(ruled).output(verificationSchema),
  /** What a person should know first, in one sentence, and the next step. */
  diagnose: base.input(ruled).output(diagnosedSchema),
  /** Judges every certificate by the rules that bind it. */
  lint: base.input(given.extend({ as: lintScopeSchema.optional() })).output(lintReportSchema),
  /** Whether these targets, or all, would take certificate, chain and key. */
  preflight: base
    .input(question.extend({ targets: z.array(z.string().max(64)).max(64).optional() }))
    .output(z.array(preflightSchema)),
  /** From `at` on: until when each client accepts it, and which link ends it. */
  timeline: base.input(question).output(timelineSchema),
  /** The leaf among the second files against that among the first. */
  compare: base.input(z.object({ before: oneOf, after: oneOf })).output(comparisonSchema),
  /** The certificates of one site as clean files, and what was changed. The key is never in the answer. */
  clean: base.input(oneOf).output(cleanFilesSchema),
  /**
   * The ASN.1 of a certificate, request or revocation list, by the piece's id in `read`: the element at
   * `offset` (absent: all of it) and so many levels of what is in it.
   */
  asn1: base
    .input(
      given.extend({
        pieceId: z.string().max(16),
        offset: z.number().int().nonnegative().optional(),
        depth: z.number().int().min(0).max(24).optional(),
      }),
    )
    .output(asn1PartSchema),
  /**
   * Asks a server for its certificate, the only call that goes online, and compares it with the files' where
   * some are given.
   */
  remote: base
    .input(
      z.object({
        host: z.string().min(1).max(255),
        port: z.number().int().min(1).max(65_535),
        /** The name to ask for; absent: the host. */
        serverName: z.string().max(255).optional(),
        compareWith: oneOf.optional(),
        at: timeSchema.optional(),
      }),
    )
    .output(remoteReportSchema),
  /** All of it in one document: `html` to read and print, `json` for programs, `sarif` of the lint alone. */
  report: base
    .input(
      question.omit({ leafSha256: true }).extend({
        format: z.enum(['html', 'json', 'sarif']),
        targets: z.array(z.string().max(64)).max(64).optional(),
      }),
    )
    .output(z.object({ fileName: z.string(), mediaType: z.string(), text: z.string() })),
}
