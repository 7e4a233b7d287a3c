import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { intakeReportSchema } from './certificate-facts.ts'
import { timeSchema } from '../shared/time.ts'
import { hexSchema } from '../shared/hex.ts'
import { asn1PartSchema } from './asn1.ts'
import { cleanFilesSchema } from './clean-files.ts'
import { comparisonSchema } from './comparison.ts'
import { passphraseSchema } from '../custody/custody.ts'
import { diagnosedSchema } from './diagnosis.ts'
import { lintReportSchema, lintScopeSchema } from './lint.ts'
import { preflightSchema } from './preflight.ts'
import { isObjectIdentifier } from '../text/object-identifier.ts'
import { base } from '../shared/procedure-base.ts'
import { remoteReportSchema } from './remote.ts'
import { timelineSchema } from './timeline.ts'

const files = z.array(z.file()).min(1).max(1000)

const sessionId = z.string().max(64)
const bySession = z.object({ sessionId })

/** Facts about the files of a session. */
const inspectedSchema = z.object({ sessionId, report: intakeReportSchema })
export type Inspected = z.infer<typeof inspectedSchema>

/** Fingerprint of the certificate in question; absent: the first leaf among the files. */
const oneOf = bySession.extend({ leafSha256: hexSchema.optional() })

const question = oneOf.extend({
  /** Session whose certificates are the only anchors; absent: public, system and local authority's roots. */
  anchors: sessionId.optional(),
  host: z.string().max(255).optional(),
  at: timeSchema.optional(),
})

/** Intended use of a certificate; absent: a server. */
export const purposeSchema = z.enum(['server', 'client', 'any'])

/** Object identifiers of certificate policies: `2.23.140.1.2.1`. */
const policyOidSchema = z.string().max(1300).refine(isObjectIdentifier)

/** Policy inputs of path validation (RFC 5280, section 6.1.1 (c) to (g)); absent: no requirements. */
const policyInputsSchema = z.strictObject({
  /** The leaf needs one of these policies; absent: any. */
  acceptable: z.array(policyOidSchema).min(1).max(100).optional(),
  requireExplicit: z.boolean().optional(),
  inhibitMapping: z.boolean().optional(),
  inhibitAny: z.boolean().optional(),
})
export type PolicyInputs = z.infer<typeof policyInputsSchema>

/** `web` also applies the CA/Browser Forum's rules for issuers; default: `rfc5280`. */
const profileSchema = z.enum(['rfc5280', 'web'])

/** Question with optional stricter rules. */
const ruled = question.extend({
  purpose: purposeSchema.optional(),
  policies: policyInputsSchema.optional(),
  profile: profileSchema.optional(),
})
export type RuledQuestion = z.infer<typeof ruled>

/** Progress of the key derivation for a file, 0 to 1. */
const openingSchema = z.object({ done: z.number().min(0).max(1) })
export type Opening = z.infer<typeof openingSchema>

/**
 * Inspection of files: nothing is stored, and no response has a key. Files are opened once, as a session of
 * some minutes, and questions are asked by its id; `staging.expired` after its end.
 */
export const inspectContract = {
  /** Progress of key derivation in calls that open files; such a call can be aborted. */
  openings: base.output(eventIterator(openingSchema)),
  open: base.input(z.object({ files })).output(inspectedSchema),
  add: base.input(bySession.extend({ files })).output(inspectedSchema),
  /** Tries the passphrase on every locked piece; what it opens stays open until the session ends. */
  unlock: base.input(bySession.extend({ passphrase: passphraseSchema })).output(inspectedSchema),
  close: base.input(bySession).output(z.object({})),
  /** First thing to know, in one sentence, and the next step, with the four verdicts it rests on. */
  diagnose: base.input(ruled).output(diagnosedSchema),
  lint: base.input(bySession.extend({ as: lintScopeSchema.optional() })).output(lintReportSchema),
  /** Verdicts of the given targets, or all, on certificate, chain and key. */
  preflight: base
    .input(question.extend({ targets: z.array(z.string().max(64)).max(64).optional() }))
    .output(z.array(preflightSchema)),
  /** Acceptance by each client from `at` on: its end, and the link that ends it. */
  timeline: base.input(question).output(timelineSchema),
  /** Compares the certificate of the first session with that of the second. */
  compare: base.input(z.object({ before: oneOf, after: oneOf })).output(comparisonSchema),
  /** Clean files with the certificates of one site, and the diff. The key is never in the response. */
  clean: base.input(oneOf).output(cleanFilesSchema),
  /**
   * ASN.1 of a certificate, CSR or CRL, by its piece id in the report: the element at `offset` (absent: all of
   * it) with `levels` below it.
   */
  asn1: base
    .input(
      bySession.extend({
        pieceId: z.string().max(16),
        offset: z.number().int().nonnegative().optional(),
        depth: z.number().int().min(0).max(24).optional(),
      }),
    )
    .output(asn1PartSchema),
  /** Fetches a server's certificate, the only call that goes online; compares it with any given files. */
  remote: base
    .input(
      z.object({
        host: z.string().min(1).max(255),
        port: z.number().int().min(1).max(65_535),
        /** Server name in the handshake; default: the host. */
        serverName: z.string().max(255).optional(),
        compareWith: oneOf.optional(),
        at: timeSchema.optional(),
      }),
    )
    .output(remoteReportSchema),
  /**
   * All results in one document: `html` to read and print, `json` for programs, `sarif` of the lint alone.
   */
  report: base
    .input(
      question.omit({ leafSha256: true }).extend({
        format: z.enum(['html', 'json', 'sarif']),
        targets: z.array(z.string().max(64)).max(64).optional(),
      }),
    )
    .output(z.object({ fileName: z.string(), mediaType: z.string(), text: z.string() })),
}
