import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { acmeServerContract } from './acme-server.ts'
import { acmeContract } from './acme.ts'
import { auditRowSchema, auditVerdictSchema } from './audit.ts'
import { authorityContract } from './authority.ts'
import { certificateFactsSchema, intakeReportSchema, verificationSchema } from './certificate-facts.ts'
import { configurationPlanSchema } from './configuration.ts'
import {
  backupContentSchema,
  lockingSchema,
  newPassphraseSchema,
  passphraseSchema,
  proofSchema,
  protectionSchema,
  protectorSchema,
  protectorStateSchema,
  recoveryKeyStatusSchema,
  recoveryPublicKeySchema,
  requestedCodeSchema,
  rotationSchema,
  vaultNoticeSchema,
} from './custody.ts'
import {
  certificateSourceSchema,
  certificateSummarySchema,
  checkReportSchema,
  domainSchema,
  effectSchema,
  originSchema,
  redirectSchema,
  swapImpactSchema,
} from './domains.ts'
import { desktopPreferencesSchema } from './desktop.ts'
import { domainNameSchema } from './domain-name.ts'
import { edgeSettingsSchema } from './edge-settings.ts'
import { engineStatusSchema } from './engine-status.ts'
import { findingsContract } from './findings-procedures.ts'
import { inspectContract } from './inspect-procedures.ts'
import { localCertificatesContract } from './local-certificates.ts'
import { namesContract } from './names.ts'
import { portsContract } from './ports.ts'
import { base } from './procedure-base.ts'
import { copyPoliciesInputSchema, setPoliciesInputSchema } from './policies.ts'
import { setupContract } from './setup.ts'
import { tlsChangesSchema } from './tls-policy.ts'
import { trustContract } from './trust.ts'
import { usageContract } from './usage.ts'
import { renewalContract } from './renewal-procedures.ts'
import {
  backupScheduleSchema,
  historyEntrySchema,
  importEventSchema,
  keepOldSchema,
  noteSchema,
  rememberedCertificateSchema,
  replacedSchema,
  replaceInputSchema,
  scheduledBackupSchema,
  tagsSchema,
} from './records.ts'
import {
  accessLogSchema,
  accessLogStateSchema,
  replayedSchema,
  trafficRing,
  trafficDetailSchema,
  trafficEventSchema,
  watchTrafficSchema,
} from './traffic.ts'

/** A live query: the whole list first, then each change. */
function liveOf<S extends z.ZodType>(item: S) {
  return eventIterator(
    z.discriminatedUnion('type', [
      z.object({ type: z.literal('snapshot'), items: z.array(item) }),
      z.object({ type: z.literal('changed'), item }),
      z.object({ type: z.literal('removed'), key: z.string() }),
    ]),
  )
}

const files = z.array(z.file()).min(1).max(1000)
/** Of many certificates at once; together they stay below the limit on bytes of every upload. */
const manyFiles = z.array(z.file()).min(1).max(5000)
const byDomain = z.object({ domain: domainNameSchema })
const byId = z.object({ id: z.string() })
const trafficId = z.object({ id: z.number().int().positive() })
const changedDomain = z.object({ domain: domainSchema, effect: effectSchema })

export const certificateDetailSchema = z.object({
  summary: certificateSummarySchema,
  /** Leaf first, then intermediates. */
  chain: z.array(certificateFactsSchema),
  verification: verificationSchema,
})

/** Uploaded files held by the engine: the key is inside, the answer tells only facts. */
export const stagedSchema = z.object({
  stagingId: z.string(),
  report: intakeReportSchema,
  /** Verdicts on the servable bundle's chain, with the domain's name if one was given. */
  verification: verificationSchema.nullable(),
  /** Against the certificate the domain has now. */
  impact: swapImpactSchema.nullable(),
  duplicateOf: z.object({ id: z.string(), name: z.string() }).nullable(),
})

/** A backup travels; what a guess costs is scrypt's part, what there is to guess is the person's. */
const backupPassphrase = passphraseSchema.min(8, 'a backup needs a passphrase of 8 characters or more')

/** The recovery key belongs to every backup but those of the form before there was one. */
const openedBackup = z.object({
  file: z.file(),
  passphrase: passphraseSchema,
  recoveryKey: z.string().max(200).optional(),
})

/** A thousand domains are about 300 KB. */
const configurationText = z.string().max(8 * 1024 * 1024)

export const contract = {
  engine: {
    status: base.output(engineStatusSchema),
    watch: base.output(eventIterator(engineStatusSchema)),
    /**
     * Keeps what is given for the next start of the edge; answers with all that is kept. `read`: what the
     * caller saw of it before. Where one of these is something else by now, nothing is saved
     * (`edge.changed_meanwhile`).
     */
    setEdge: base
      .input(
        z.object({ settings: edgeSettingsSchema.partial(), read: edgeSettingsSchema.partial().optional() }),
      )
      .output(edgeSettingsSchema),
  },
  domains: {
    list: base.output(z.array(domainSchema)),
    get: base.input(byDomain).output(domainSchema),
    watch: base.output(liveOf(domainSchema)),
    add: base.input(z.object({ name: domainNameSchema, origin: originSchema })).output(changedDomain),
    /**
     * `read`, here and below: what the caller saw before it made its change. Where that is something
     * else by now, nothing is saved (`domain.changed_meanwhile`).
     */
    setOrigin: base
      .input(byDomain.extend({ origin: originSchema, read: originSchema.optional() }))
      .output(changedDomain),
    setRedirect: base
      .input(byDomain.extend({ redirect: redirectSchema, read: redirectSchema.optional() }))
      .output(changedDomain),
    /** Sets whole sections of the policies of one domain or many, in one change. */
    setPolicies: base
      .input(setPoliciesInputSchema)
      .output(z.object({ domains: z.array(domainSchema), effect: effectSchema })),
    /** Changes parts of how handshakes are made for one domain or many, in one change; each keeps the rest of its own. */
    changeTls: base
      .input(z.object({ domains: z.array(domainNameSchema).min(1).max(1000), tls: tlsChangesSchema }))
      .output(z.object({ domains: z.array(domainSchema), effect: effectSchema })),
    /** Gives other domains what one has, in all sections or in those named, in one change. */
    copyPolicies: base
      .input(copyPoliciesInputSchema)
      .output(z.object({ domains: z.array(domainSchema), effect: effectSchema })),
    remove: base.input(byDomain).output(z.object({ erased: z.array(z.string()), effect: effectSchema })),
    /** Makes one request to the origin as the edge would and says what it saw. */
    testOrigin: base
      .input(byDomain.extend({ origin: originSchema }))
      .output(z.object({ ok: z.boolean(), seen: z.string(), tookMs: z.number() })),
    /** Makes real requests through the edge. */
    check: base.input(byDomain).output(checkReportSchema),
    /** Which certificates it had, newest first; from the audit trail, so also of a domain that is gone. */
    history: base.input(byDomain).output(z.array(historyEntrySchema)),
  },
  https: {
    /** Turns HTTPS on, resumes it, or swaps the certificate; a swap erases the one before the last (`keepOld`). */
    enable: base
      .input(byDomain.extend({ source: certificateSourceSchema, keepOld: keepOldSchema }))
      .output(changedDomain.extend({ impact: swapImpactSchema.nullable(), erased: z.array(z.string()) })),
    /** What `enable` would do; changes nothing, and an upload stays staged. Refuses what that refuses. */
    preview: base.input(byDomain.extend({ source: certificateSourceSchema, keepOld: keepOldSchema })).output(
      z.object({
        /** Null for a free one, which is not made yet. */
        certificate: rememberedCertificateSchema.nullable(),
        impact: swapImpactSchema.nullable(),
        erased: z.array(z.string()),
      }),
    ),
    pause: base.input(byDomain).output(changedDomain),
    /** Turns HTTPS off and erases certificate and key unless used elsewhere or kept. */
    disable: base
      .input(byDomain)
      .output(changedDomain.extend({ erased: z.array(z.string()), kept: z.array(z.string()) })),
  },
  staging: {
    /** Takes files once; secrets stay in the engine until `https.enable`, `certificates.import` or expiry. */
    open: base.input(z.object({ files, domain: domainNameSchema.optional() })).output(stagedSchema),
    /** Adds files to what is staged (the key after the certificate). */
    add: base.input(z.object({ stagingId: z.string(), files })).output(stagedSchema),
    /** Takes the files of one name away again; the keys of them are forgotten. */
    remove: base.input(z.object({ stagingId: z.string(), file: z.string().max(1024) })).output(stagedSchema),
    unlock: base
      .input(z.object({ stagingId: z.string(), pieceId: z.string(), passphrase: passphraseSchema }))
      .output(stagedSchema),
    discard: base.input(z.object({ stagingId: z.string() })).output(z.object({})),
  },
  certificates: {
    list: base.output(z.array(certificateSummarySchema)),
    watch: base.output(liveOf(certificateSummarySchema)),
    get: base.input(byId).output(certificateDetailSchema),
    /** `reference`: an id, a name, or the start of a SHA-256 fingerprint. */
    find: base.input(z.object({ reference: z.string() })).output(certificateSummarySchema),
    import: base
      .input(z.object({ stagingId: z.string(), name: z.string().max(120).optional() }))
      .output(certificateSummarySchema),
    rename: base.input(byId.extend({ name: z.string().min(1).max(120) })).output(certificateSummarySchema),
    /** What is left out stays as it is. */
    annotate: base
      .input(byId.extend({ note: noteSchema.optional(), tags: tagsSchema.optional() }))
      .output(certificateSummarySchema),
    /** What was done with it, newest first; from the audit trail, so also of one that is erased. */
    history: base.input(byId).output(z.array(historyEntrySchema)),
    /** Gives the domains of one certificate another, in one change; with `dryRun` only says what that does. */
    replace: base.input(replaceInputSchema).output(replacedSchema),
    /**
     * Reads many files, pairs certificates and keys by public key and keeps every pair. Aborting
     * leaves what was stored until then, or nothing under `allOrNothing`.
     */
    importMany: base
      .input(
        z.object({
          files: manyFiles,
          allOrNothing: z.boolean().default(false),
          passphrase: passphraseSchema.optional(),
        }),
      )
      .output(eventIterator(importEventSchema)),
    setKept: base.input(byId.extend({ kept: z.boolean() })).output(certificateSummarySchema),
    remove: base.input(byId).output(z.object({ name: z.string() })),
    /** Public parts only: `pem` the chain, `leaf` the leaf's PEM, `der` the leaf, `p7b` the chain. */
    export: base
      .input(byId.extend({ format: z.enum(['pem', 'leaf', 'der', 'p7b']) }))
      .output(z.object({ fileName: z.string(), mediaType: z.string(), contentBase64: z.string() })),
  },
  acme: acmeContract,
  renewal: renewalContract,
  authority: authorityContract,
  localCertificates: localCertificatesContract,
  acmeServer: acmeServerContract,
  trust: trustContract,
  names: namesContract,
  ports: portsContract,
  setup: setupContract,
  traffic: {
    /** What the engine remembers of traffic, then what comes. While this is open, workers tell. */
    watch: base.input(watchTrafficSchema).output(eventIterator(trafficEventSchema)),
    get: base.input(trafficId.extend({ reveal: z.boolean().default(false) })).output(trafficDetailSchema),
    clear: base.output(z.object({})),
    /** An HTTP archive (HAR 1.2) of what is remembered: all of it, a domain's, or the exchanges of `ids`. */
    har: base
      .input(watchTrafficSchema.extend({ ids: z.array(z.number().int()).max(trafficRing).optional() }))
      .output(z.file()),
    /** Sends a GET or HEAD through the edge again, as it came. */
    replay: base.input(trafficId).output(replayedSchema),
    accessLog: base.output(accessLogStateSchema),
    setAccessLog: base.input(accessLogSchema).output(accessLogStateSchema),
  },
  audit: {
    /** Newest first; `before` is the sequence number to go on from. */
    list: base
      .input(
        z.object({
          limit: z.number().int().min(1).max(1000),
          before: z.number().int().positive().optional(),
        }),
      )
      .output(z.array(auditRowSchema)),
    /** Recomputes the whole chain. */
    verify: base.output(auditVerdictSchema),
  },
  configuration: {
    /** YAML, without secrets. */
    export: base.output(z.object({ text: z.string() })),
    /** What importing `text` would do; nothing is changed. */
    plan: base.input(z.object({ text: configurationText })).output(configurationPlanSchema),
    /** Does it, all or nothing, if the configuration is still at `version`. */
    apply: base
      .input(z.object({ text: configurationText, version: z.number().int() }))
      .output(z.object({ plan: configurationPlanSchema, effect: effectSchema })),
  },
  desktop: {
    /** Changes what is given; the status tells what is in effect. */
    setPreferences: base.input(desktopPreferencesSchema.partial()).output(desktopPreferencesSchema),
  },
  vault: {
    /**
     * A new data key under a new wrapping key; every secret is sealed anew. Under a passphrase that
     * is needed, since the new wrapping key is derived from it again.
     */
    rotate: base.input(z.object({ passphrase: passphraseSchema.optional() })).output(rotationSchema),
    /** What `protect` can be asked for here. */
    protectors: base.output(z.array(protectorStateSchema)),
    /**
     * Keeps the vault's key with another protector, or under another passphrase, and rotates. The
     * proof is the passphrase it has now, or its recovery key; a code where no passphrase protects it.
     */
    protect: base
      .input(
        z.discriminatedUnion('protector', [
          z.object({ protector: protectorSchema.exclude(['passphrase']), proof: proofSchema.optional() }),
          z.object({
            protector: z.literal('passphrase'),
            passphrase: newPassphraseSchema,
            proof: proofSchema.optional(),
          }),
        ]),
      )
      .output(rotationSchema),
    /** Seals everything again: no key opens and nothing changes until `unlock`. */
    lock: base.output(protectionSchema),
    /** Opens a locked vault, with its passphrase where that protects it, and serves what is in it. */
    unlock: base.input(z.object({ passphrase: passphraseSchema.optional() })).output(protectionSchema),
    /** The window is in use: puts off locking by itself. At most once a minute is enough. */
    stayOpen: base.output(z.object({})),
    setLocking: base.input(lockingSchema).output(lockingSchema),
    /** Writes a code into the vault's folder that proves, to the calls that take it, that who gives it can read that. */
    requestCode: base.output(requestedCodeSchema),
    /**
     * Seals the backups from now on to another recovery key, whose private half the caller keeps. The
     * proof is the recovery key that it has now or its passphrase; a code where no passphrase protects it.
     */
    setRecoveryKey: base
      .input(z.object({ publicKey: recoveryPublicKeySchema, proof: proofSchema.optional() }))
      .output(recoveryKeyStatusSchema),
    /**
     * The whole vault in one file, sealed to its recovery key and under a passphrase of its own: both
     * are needed to open it. Under a passphrase the vault's own is the proof.
     */
    backUp: base
      .input(z.object({ passphrase: backupPassphrase, proof: proofSchema.optional() }))
      .output(z.file()),
    /** What is in a backup; changes nothing. */
    inspectBackup: base.input(openedBackup).output(backupContentSchema),
    /**
     * Puts a backup in the vault's place, whole or not at all, and answers with how that is protected.
     * A running engine ends after that; its host starts it again on the restored vault. A backup of a
     * vault that was under a passphrase needs the one that shall protect it here; one that is sealed to
     * another recovery key than this vault's needs a proof for replacing this vault.
     */
    restore: base
      .input(
        openedBackup.extend({ newPassphrase: newPassphraseSchema.optional(), proof: proofSchema.optional() }),
      )
      .output(
        z.object({
          restarts: z.boolean(),
          protection: protectionSchema.pick({ protector: true, weak: true, reason: true, warnings: true }),
        }),
      ),
    /** The copies that the engine makes by itself; null where it makes none. */
    schedule: base.output(scheduledBackupSchema.nullable()),
    /**
     * Sets that, makes the first copy at once, and answers with how it went; null ends it. The
     * passphrase can be left out where one was set before. Under a passphrase the vault's own is the
     * proof; ending it takes none. `read`: the schedule that the caller saw before; where there is another by
     * now, nothing is set (`settings.changed_meanwhile`).
     */
    setSchedule: base
      .input(
        z.object({
          schedule: backupScheduleSchema.extend({ passphrase: backupPassphrase.optional() }).nullable(),
          proof: proofSchema.optional(),
          read: backupScheduleSchema.nullable().optional(),
        }),
      )
      .output(scheduledBackupSchema.nullable()),
    /** What is done to the vault's keys and backups, by anybody, from now on. */
    watchNotices: base.output(eventIterator(vaultNoticeSchema)),
  },
  findings: findingsContract,
  usage: usageContract,
  inspect: inspectContract,
}
export type Contract = typeof contract

export type CertificateDetail = z.infer<typeof certificateDetailSchema>
export type Staged = z.infer<typeof stagedSchema>
