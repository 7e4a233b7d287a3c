import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { passphraseSchema } from '../custody/custody.ts'
import { domainNameSchema } from '../shared/domain-name.ts'
import { hexSchema } from '../shared/hex.ts'
import { portSchema } from '../shared/port.ts'
import { base } from '../shared/procedure-base.ts'
import { timeSchema } from '../shared/time.ts'

/** Limit of targets. */
export const mostTargets = 100
const mostDomains = 1000
const mostServers = 50

export const targetKindSchema = z.enum(['nginx', 'haproxy', 'caddy', 'apache', 'traefik', 'kubernetes'])
export type TargetKind = z.infer<typeof targetKindSchema>

/** Kinds whose keys and certificates are made and renewed elsewhere. */
export const kindsWithoutKeys: ReadonlySet<TargetKind> = new Set(['kubernetes'])

const targetNameSchema = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,39}$/,
    'a target is called by lower-case letters, digits and hyphens, at most 40',
  )

export const targetSettingsSchema = z.object({
  name: targetNameSchema,
  kind: targetKindSchema,
  /** Main configuration of the server, a person's file, never written. Default: where its package has it. */
  config: z.string().min(1).max(1024).optional(),
  /** HAProxy: socket of its master; Caddy: address of its admin API. */
  control: z.string().min(1).max(255).optional(),
  /** Runs the server's own program as root, by `sudo -n`. */
  sudo: z.boolean().default(false),
  /** Servers that are reached by SSH, `user@host` or `user@host:port`; none: this computer. */
  ssh: z.array(z.string().max(300)).max(mostServers).default([]),
  /** Address on which the server listens; absent: all. */
  bind: z.union([z.ipv4(), z.ipv6()]).optional(),
  httpsPort: portSchema.default(443),
  httpPort: portSchema.default(80),
})
export type TargetSettings = z.infer<typeof targetSettingsSchema>

const newTargetSchema = targetSettingsSchema.extend({
  /** Private key for SSH, which goes into the vault and never comes back; absent: the keys of the person's agent. */
  sshKey: z.object({ file: z.file(), passphrase: passphraseSchema.optional() }).optional(),
})
export type NewTarget = z.infer<typeof newTargetSchema>

/** One step at one server, in the order in which they are made. */
export const publishStepSchema = z.object({
  step: z.enum([
    'reach',
    'preflight',
    'answers',
    'certificates',
    'write',
    'observe',
    'switch',
    'check',
    'reload',
    'proof',
    'rollback',
    'rollback-proof',
  ]),
  ok: z.boolean(),
  sentence: z.string(),
})
export type PublishStep = z.infer<typeof publishStepSchema>

export const serverReportSchema = z.object({
  server: z.string(),
  /**
   * `planned` by a dry run; `written` for a person to apply; `unchanged` was as it should be; `refused` by a step
   * before the switch; `rolled-back` is as before, proven; `failed` is neither; `away` not reached, or lost before
   * the switch; `waiting` for the rate limit of an authority; `skipped` since another one failed or the publication
   * was cancelled.
   */
  state: z.enum([
    'planned',
    'published',
    'written',
    'unchanged',
    'refused',
    'rolled-back',
    'failed',
    'away',
    'waiting',
    'skipped',
  ]),
  steps: z.array(publishStepSchema),
  /** Lines of configuration, those that go with `-` and those that come with `+`. */
  diff: z.string(),
  /** Domains with a new key and certificate. */
  renewed: z.array(z.string()),
})
export type ServerReport = z.infer<typeof serverReportSchema>
/** Report in the history of a target. */
const pastReportSchema = serverReportSchema.omit({ diff: true, renewed: true })
export type PastReport = z.infer<typeof pastReportSchema>

/** Outcomes after which a server has what was meant for it. */
export const publishedStates: ReadonlySet<unknown> = new Set<ServerReport['state']>([
  'published',
  'written',
  'unchanged',
])

export const publishEventSchema = z.discriminatedUnion('type', [
  /** A step began, or has done `done` of `total` parts; 0 of 0 for one without parts. */
  z.object({
    type: z.literal('running'),
    server: z.string(),
    step: publishStepSchema.shape.step,
    done: z.int().min(0),
    total: z.int().min(0),
  }),
  z.object({ type: z.literal('step'), server: z.string(), step: publishStepSchema }),
  z.object({ type: z.literal('done'), servers: z.array(serverReportSchema) }),
])
export type PublishEvent = z.infer<typeof publishEventSchema>

const publishedCertificateSchema = z.object({
  domain: z.string(),
  /** Issuer: the local authority, or an ACME account of the vault; `files`: uploaded for the publication. */
  by: z.enum(['local', 'acme', 'files']).default('local'),
  /** ARI identifier (RFC 9773) of an ordered one; null without one. */
  ariId: z.string().nullable().default(null),
  /** Renewal window of its authority; null while it is not known. */
  window: z
    .object({
      start: timeSchema,
      end: timeSchema,
      explanationUrl: z.string().nullable(),
      askAgainAt: timeSchema,
    })
    .nullable()
    .default(null),
  fingerprintSha256: hexSchema,
  notBefore: timeSchema,
  notAfter: timeSchema,
})
export type PublishedCertificate = z.infer<typeof publishedCertificateSchema>

export const targetServerSchema = z.object({
  address: z.string(),
  /** Fingerprint of the SSH host key at first use, `SHA256:…`; null for this computer. */
  hostKey: z.string().nullable(),
  /** Folder of the published release; null before the first. */
  release: z.string().nullable(),
  /** SHA-256 of the release's files. */
  digest: hexSchema.nullable(),
  certificates: z.array(publishedCertificateSchema),
  /** Time of a switch to another release whose outcome is not recorded or not proven; null: none. */
  switchedAt: timeSchema.nullable().default(null),
})
export type TargetServer = z.infer<typeof targetServerSchema>

/** Renewal of a target by itself, with its last attempt that was not complete. */
const targetRenewalSchema = z.object({
  /** Consecutive incomplete attempts. */
  attempts: z.number().int(),
  /** Time of the next attempt after one of these. */
  notBefore: timeSchema.nullable(),
  /** Null after a complete one. A null `code`: servers were away, or an authority's rate limit was reached. */
  lastAttempt: z.object({ at: timeSchema, code: z.string().nullable(), summary: z.string() }).nullable(),
})
export type TargetRenewal = z.infer<typeof targetRenewalSchema>

export const targetSchema = targetSettingsSchema.extend({
  domains: z.array(z.string()),
  servers: z.array(targetServerSchema),
  /** Null: published only when a person does. */
  renewal: targetRenewalSchema.nullable().default(null),
  /** SHA-256 of the configuration of the last publication; null before the first. */
  configuration: hexSchema.nullable().default(null),
  addedAt: timeSchema,
  /** Last publications, newest first. */
  history: z.array(
    z.object({
      at: timeSchema,
      domains: z.array(z.string()),
      servers: z.array(pastReportSchema),
    }),
  ),
})
export type Target = z.infer<typeof targetSchema>

/** Line that the person adds once, so that the server reads Edgekeep's folder. */
export const includeLineSchema = z.object({ line: z.string(), place: z.string() })
export type IncludeLine = z.infer<typeof includeLineSchema>

const shownTargetSchema = z.object({
  target: targetSchema,
  /** Folder at the server; nothing is written outside of it. */
  folder: z.string(),
  include: includeLineSchema,
  /** Commands that run at the server. */
  commands: z.array(z.string()),
  /** Line for `authorized_keys` of the vault's key for SSH; null: the keys of the person's agent. */
  authorized: z.string().nullable(),
  /** Sentence on what was not seen of this kind; null for one that is tested with its server. */
  caution: z.string().nullable(),
})
export type ShownTarget = z.infer<typeof shownTargetSchema>

const driftSchema = z.object({
  server: z.string(),
  /** Sentences; empty: as published. */
  drift: z.array(z.string()),
})
export type ServerDrift = z.infer<typeof driftSchema>

const byTarget = z.object({ target: z.string().min(1).max(80) })
const domainList = z.array(domainNameSchema).max(mostDomains)

export const publishInputSchema = byTarget.extend({
  domains: domainList,
  withdraw: domainList.default([]),
  /** Staged certificate and key for `domains`: for the vault and the servers. */
  upload: z.object({ stagingId: z.string(), keep: z.boolean().default(false) }).optional(),
  dryRun: z.boolean().default(false),
})
export type PublishInput = z.input<typeof publishInputSchema>

export const targetsContract = {
  list: base.output(z.array(targetSchema)),
  show: base.input(byTarget).output(shownTargetSchema),
  /** Makes Edgekeep's folder at the server, without a domain in it. Refused but from the command line. */
  add: base.input(newTargetSchema).output(shownTargetSchema),
  /** Forgets the target; its servers keep what they serve. */
  remove: base.input(byTarget).output(z.object({ folder: z.string() })),
  /** Lets due certificates be renewed, and servers that were away be caught up, without a person. */
  setRenewal: base.input(byTarget.extend({ on: z.boolean() })).output(targetSchema),
  /** Compares each server with what was published: its files, and what it answers. */
  check: base.input(byTarget).output(z.array(driftSchema)),
  /**
   * Adds domains to what the target serves, or withdraws them. No domains: publishes what it serves again. Goes on
   * without its caller; the last event has all reports.
   */
  publish: base.input(publishInputSchema).output(eventIterator(publishEventSchema)),
  /** Cancels publications to a target: servers that have the new release get the former one again, proven. */
  cancel: base.input(byTarget).output(z.object({ cancelled: z.boolean() })),
}
