import { z } from 'zod'
import { auditRowSchema } from './audit.ts'
import { timeSchema } from './certificate-facts.ts'
import { hexSchema } from './hex.ts'
import { domainNameSchema } from './domain-name.ts'
import { effectSchema, swapImpactSchema } from './domains.ts'
import { placeSchema, problemSchema } from './errors.ts'

export const noteSchema = z.string().max(2000)
export const tagsSchema = z.array(z.string().trim().min(1).max(40)).max(20)

/** A certificate as the audit trail remembers it, also after it is erased. */
export const rememberedCertificateSchema = z.object({ name: z.string(), fingerprintSha256: hexSchema })
export type RememberedCertificate = z.infer<typeof rememberedCertificateSchema>

/** A row of the audit trail that concerns a certificate: what served a domain before and after. */
export const historyEntrySchema = auditRowSchema.extend({
  /** Whose certificate this was about; null where no domain is concerned (an import, a note). */
  domain: z.string().nullable(),
  from: rememberedCertificateSchema.nullable(),
  to: rememberedCertificateSchema.nullable(),
  /** Names lost and gained, where one certificate took the place of another. */
  impact: swapImpactSchema.nullable(),
  /** Those that were erased by it, each with its key. */
  erased: z.array(rememberedCertificateSchema),
})
export type HistoryEntry = z.infer<typeof historyEntrySchema>

/**
 * Of a swap: what it would erase is kept in "My certificates" instead. A domain holds the certificate
 * that it serves and the one before; the one before that is erased unless it is kept or used elsewhere.
 */
export const keepOldSchema = z.boolean().default(false)

/** What takes a certificate's place. */
export const replacementSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('vault'), certificateId: z.string() }),
  z.object({
    type: z.literal('upload'),
    stagingId: z.string(),
    name: z.string().max(120).optional(),
    /** Keep it in "My certificates" after HTTPS is turned off. */
    keep: z.boolean().default(false),
  }),
])
export type Replacement = z.infer<typeof replacementSchema>

export const replaceInputSchema = z.object({
  id: z.string(),
  with: replacementSchema,
  /** Absent: all that use it. */
  domains: z.array(domainNameSchema).max(10_000).optional(),
  /** Where one domain cannot have it, none gets it. */
  allOrNothing: z.boolean().default(false),
  keepOld: keepOldSchema,
  /** Only says what would happen. */
  dryRun: z.boolean().default(false),
})

export const replacedDomainSchema = z.object({
  domain: z.string(),
  /**
   * `replaced`, or would be in a dry run; `not-covered` by the new one's names; `not-using` the old
   * one; `left` as it is, because all or nothing was asked for.
   */
  outcome: z.enum(['replaced', 'not-covered', 'not-using', 'left']),
})

export const replacedSchema = z.object({
  old: rememberedCertificateSchema,
  new: rememberedCertificateSchema,
  impact: swapImpactSchema,
  domains: z.array(replacedDomainSchema),
  /** Those that are erased by it, or would be in a dry run, each with its key. */
  erased: z.array(rememberedCertificateSchema),
  /** Null where nothing was changed. */
  effect: effectSchema.nullable(),
})
export type Replaced = z.infer<typeof replacedSchema>

/**
 * What became of one certificate, key or file of many. `there`: the vault has it; `no-key` and
 * `no-certificate`: its other half is missing; `locked`: its passphrase was not given or is another;
 * `refused`: it cannot be served; `left-out`: it was fine, but not all were; `skipped`: a file without a
 * certificate or key in it, which is no failure.
 */
export const importOutcomeSchema = z.enum([
  'imported',
  'there',
  'no-key',
  'no-certificate',
  'locked',
  'unreadable',
  'refused',
  'left-out',
  'skipped',
])

export const importResultSchema = z.object({
  outcome: importOutcomeSchema,
  /** The certificate's title, or what the piece is. */
  title: z.string(),
  /** Names that the certificate covers. */
  names: z.array(z.string()),
  /** Where the leaf, the lone key or the problem is. */
  place: placeSchema,
  certificate: z.object({ id: z.string(), name: z.string() }).nullable(),
  problem: problemSchema.nullable(),
})
export type ImportResult = z.infer<typeof importResultSchema>

export const importSummarySchema = z.object({
  imported: z.number().int(),
  there: z.number().int(),
  /** All that could not be imported, whatever the reason. */
  failed: z.number().int(),
  /** Files without a certificate or key in them. */
  skipped: z.number().int(),
  /** Null where nothing was changed. */
  effect: effectSchema.nullable(),
})

export type ImportSummary = z.infer<typeof importSummarySchema>

/** `done` and `total` count files while reading and certificates while storing. */
export const importEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('progress'),
    stage: z.enum(['reading', 'storing']),
    done: z.number().int(),
    total: z.number().int(),
  }),
  z.object({ type: z.literal('result'), result: importResultSchema }),
  z.object({ type: z.literal('done'), summary: importSummarySchema }),
])
export type ImportEvent = z.infer<typeof importEventSchema>

export const backupRunSchema = z.object({
  at: timeSchema,
  ok: z.boolean(),
  /** The copy's file name, or why there is none: a sentence. */
  summary: z.string(),
})

/** Copies of the backup that the engine makes by itself. */
export const backupScheduleSchema = z.object({
  /** Absolute, and there already. */
  folder: z.string().min(1).max(4096),
  everyHours: z
    .number()
    .int()
    .min(1)
    .max(24 * 31),
  /** How many copies stay; older ones of this vault are removed. */
  keep: z.number().int().min(1).max(1000),
})
export type BackupSchedule = z.infer<typeof backupScheduleSchema>

export const scheduledBackupSchema = backupScheduleSchema.extend({
  lastRun: backupRunSchema.nullable(),
  nextAt: timeSchema,
})
export type ScheduledBackup = z.infer<typeof scheduledBackupSchema>
