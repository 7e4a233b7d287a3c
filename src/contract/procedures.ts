import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { acmeServerContract } from './acme/acme-server.ts'
import { acmeContract } from './acme/acme.ts'
import { auditRowSchema, auditVerdictSchema } from './certificates/audit.ts'
import { authorityContract } from './local-authority/authority.ts'
import {
  certificateFactsSchema,
  intakeReportSchema,
  verificationSchema,
} from './inspect/certificate-facts.ts'
import { configurationPlanSchema } from './domains/configuration.ts'
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
} from './custody/custody.ts'
import {
  certificateSourceSchema,
  certificateSummarySchema,
  checkReportSchema,
  domainSchema,
  effectSchema,
  originSchema,
  redirectSchema,
  swapImpactSchema,
} from './domains/domains.ts'
import { desktopPreferencesSchema } from './engine/desktop.ts'
import { domainNameSchema } from './shared/domain-name.ts'
import { edgeSettingsSchema } from './engine/edge-settings.ts'
import { engineStatusSchema } from './engine/engine-status.ts'
import { findingsContract } from './findings/procedures.ts'
import { inspectContract } from './inspect/procedures.ts'
import { localCertificatesContract } from './local-authority/local-certificates.ts'
import { namesContract } from './names/names.ts'
import { portsContract } from './engine/ports.ts'
import { base } from './shared/procedure-base.ts'
import { copyPoliciesInputSchema, setPoliciesInputSchema } from './domains/policies.ts'
import { setupContract } from './trust/setup.ts'
import { tlsChangesSchema } from './domains/tls-policy.ts'
import { trustContract } from './trust/trust.ts'
import { usageContract } from './usage/usage.ts'
import { renewalContract } from './certificates/renewal-procedures.ts'
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
} from './certificates/records.ts'
import {
  accessLogSchema,
  accessLogStateSchema,
  replayedSchema,
  trafficRing,
  trafficDetailSchema,
  trafficEventSchema,
  watchTrafficSchema,
} from './traffic/traffic.ts'

/** Live query: the whole list first, then each change. */
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
/** Files of many certificates; their total stays below the byte limit of every upload. */
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

/** Uploaded files in the engine's memory: keys stay there, the response has only facts. */
export const stagedSchema = z.object({
  stagingId: z.string(),
  report: intakeReportSchema,
  /** Verdicts on the servable bundle's chain, with the domain's name if given. */
  verification: verificationSchema.nullable(),
  /** Effects of a swap from the domain's current certificate. */
  impact: swapImpactSchema.nullable(),
  duplicateOf: z.object({ id: z.string(), name: z.string() }).nullable(),
})

/** Guesses against a backup are not limited: scrypt sets their cost, the passphrase their number. */
const backupPassphrase = passphraseSchema.min(8, 'a backup needs a passphrase of 8 characters or more')

/** Every backup needs the recovery key, except those of the format before it existed. */
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
     * Stores settings for the next start of the edge and returns all stored ones. `read`: the settings as the
     * caller read them; if one has changed since, nothing is saved (`edge.changed_meanwhile`).
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
     * `read`, here and below: the values as the caller read them. If one has changed since, nothing is saved
     * (`domain.changed_meanwhile`).
     */
    setOrigin: base
      .input(byDomain.extend({ origin: originSchema, read: originSchema.optional() }))
      .output(changedDomain),
    setRedirect: base
      .input(byDomain.extend({ redirect: redirectSchema, read: redirectSchema.optional() }))
      .output(changedDomain),
    /** Sets whole sections of the policies of one or many domains, in one change. */
    setPolicies: base
      .input(setPoliciesInputSchema)
      .output(z.object({ domains: z.array(domainSchema), effect: effectSchema })),
    /** Partial update of the TLS policy of one or many domains, in one change. */
    changeTls: base
      .input(z.object({ domains: z.array(domainNameSchema).min(1).max(1000), tls: tlsChangesSchema }))
      .output(z.object({ domains: z.array(domainSchema), effect: effectSchema })),
    /** Copies all or the named sections from one domain to others, in one change. */
    copyPolicies: base
      .input(copyPoliciesInputSchema)
      .output(z.object({ domains: z.array(domainSchema), effect: effectSchema })),
    remove: base.input(byDomain).output(z.object({ erased: z.array(z.string()), effect: effectSchema })),
    /** Makes one request to the origin as the edge would and returns its result. */
    testOrigin: base
      .input(byDomain.extend({ origin: originSchema }))
      .output(z.object({ ok: z.boolean(), seen: z.string(), tookMs: z.number() })),
    /** Makes real requests through the edge. */
    check: base.input(byDomain).output(checkReportSchema),
    /** Certificates that it had, newest first; from the audit trail, so also for a deleted domain. */
    history: base.input(byDomain).output(z.array(historyEntrySchema)),
  },
  https: {
    /** Turns HTTPS on, resumes it, or swaps the certificate, erasing the one before the last (`keepOld`). */
    enable: base
      .input(byDomain.extend({ source: certificateSourceSchema, keepOld: keepOldSchema }))
      .output(changedDomain.extend({ impact: swapImpactSchema.nullable(), erased: z.array(z.string()) })),
    /** Dry run of `enable`: an upload stays staged, and the same requests are refused. */
    preview: base.input(byDomain.extend({ source: certificateSourceSchema, keepOld: keepOldSchema })).output(
      z.object({
        /** Null for a free certificate, which does not exist yet. */
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
    /** Stages files; secrets stay in the engine until `https.enable`, `certificates.import` or expiry. */
    open: base.input(z.object({ files, domain: domainNameSchema.optional() })).output(stagedSchema),
    /** Adds files to the staged ones (the key after the certificate). */
    add: base.input(z.object({ stagingId: z.string(), files })).output(stagedSchema),
    /** Removes the files of one name; their keys are zeroed. */
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
    /** `reference`: id, name, or the start of a SHA-256 fingerprint. */
    find: base.input(z.object({ reference: z.string() })).output(certificateSummarySchema),
    import: base
      .input(z.object({ stagingId: z.string(), name: z.string().max(120).optional() }))
      .output(certificateSummarySchema),
    rename: base.input(byId.extend({ name: z.string().min(1).max(120) })).output(certificateSummarySchema),
    /** Partial update: omitted fields keep their values. */
    annotate: base
      .input(byId.extend({ note: noteSchema.optional(), tags: tagsSchema.optional() }))
      .output(certificateSummarySchema),
    /** Changes of it, newest first; from the audit trail, so also for a deleted certificate. */
    history: base.input(byId).output(z.array(historyEntrySchema)),
    /** Swaps the certificate of its domains, in one change; `dryRun` only returns the effects. */
    replace: base.input(replaceInputSchema).output(replacedSchema),
    /**
     * Reads many files, pairs certificates and keys by public key and stores every pair. An abort leaves the
     * pairs stored so far, or none under `allOrNothing`.
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
    /** Recent traffic in the engine's memory, then live events. Workers report only while this is open. */
    watch: base.input(watchTrafficSchema).output(eventIterator(trafficEventSchema)),
    get: base.input(trafficId.extend({ reveal: z.boolean().default(false) })).output(trafficDetailSchema),
    clear: base.output(z.object({})),
    /** Recent traffic as HTTP archive (HAR 1.2): all of it, a domain's, or the exchanges of `ids`. */
    har: base
      .input(watchTrafficSchema.extend({ ids: z.array(z.number().int()).max(trafficRing).optional() }))
      .output(z.file()),
    /** Repeats a GET or HEAD through the edge, unchanged. */
    replay: base.input(trafficId).output(replayedSchema),
    accessLog: base.output(accessLogStateSchema),
    setAccessLog: base.input(accessLogSchema).output(accessLogStateSchema),
  },
  audit: {
    /** Newest first; `before` is the sequence number to continue from. */
    list: base
      .input(
        z.object({
          limit: z.number().int().min(1).max(1000),
          before: z.number().int().positive().optional(),
        }),
      )
      .output(z.array(auditRowSchema)),
    /** Recomputes the hash chain. */
    verify: base.output(auditVerdictSchema),
  },
  configuration: {
    /** YAML, without secrets. */
    export: base.output(z.object({ text: z.string() })),
    /** Plans the import of `text` without a change. */
    plan: base.input(z.object({ text: configurationText })).output(configurationPlanSchema),
    /** Imports all or nothing, if the configuration is still at `version`. */
    apply: base
      .input(z.object({ text: configurationText, version: z.number().int() }))
      .output(z.object({ plan: configurationPlanSchema, effect: effectSchema })),
  },
  desktop: {
    /** Partial update; the status shows what is in effect. */
    setPreferences: base.input(desktopPreferencesSchema.partial()).output(desktopPreferencesSchema),
  },
  vault: {
    /**
     * Replaces data key and wrapping key and seals every secret again. Needs the vault's passphrase, if it
     * has one, to derive the new wrapping key.
     */
    rotate: base.input(z.object({ passphrase: passphraseSchema.optional() })).output(rotationSchema),
    /** Protectors that `protect` accepts on this computer. */
    protectors: base.output(z.array(protectorStateSchema)),
    /**
     * Moves the vault's key to another protector or passphrase, and rotates. Needs as proof the current
     * passphrase or the recovery key; a code if no passphrase protects it.
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
    /** Locks the vault: no key opens and nothing changes until `unlock`. */
    lock: base.output(protectionSchema),
    /** Unlocks the vault, with its passphrase if it has one, and serves its domains. */
    unlock: base.input(z.object({ passphrase: passphraseSchema.optional() })).output(protectionSchema),
    /** Postpones the auto-lock while the window is in use. Once a minute is enough. */
    stayOpen: base.output(z.object({})),
    setLocking: base.input(lockingSchema).output(lockingSchema),
    /** Writes a code into the vault's folder: a caller that knows it can read that folder. */
    requestCode: base.output(requestedCodeSchema),
    /**
     * Replaces the recovery key of future backups; the caller keeps the private half. Needs as proof the
     * current recovery key or passphrase; a code if no passphrase protects the vault.
     */
    setRecoveryKey: base
      .input(z.object({ publicKey: recoveryPublicKeySchema, proof: proofSchema.optional() }))
      .output(recoveryKeyStatusSchema),
    /**
     * Exports the whole vault in one file, sealed to its recovery key and under a passphrase of its own:
     * opening it needs both. Needs as proof the vault's passphrase, if it has one.
     */
    backUp: base
      .input(z.object({ passphrase: backupPassphrase, proof: proofSchema.optional() }))
      .output(z.file()),
    /** Reads a backup without a change. */
    inspectBackup: base.input(openedBackup).output(backupContentSchema),
    /**
     * Replaces the vault by a backup, whole or not at all, and returns its protection. A running engine ends
     * after that; its host starts it again on the restored vault. A backup of a vault under a passphrase
     * needs the new passphrase that protects it here; one that is sealed to another recovery key than this
     * vault's needs a proof for replacing this vault.
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
    /** Schedule of automatic backups; null without one. */
    schedule: base.output(scheduledBackupSchema.nullable()),
    /**
     * Sets the schedule, makes the first copy at once, and returns its result; null ends it. The passphrase
     * can be omitted if one is already set. Needs as proof the vault's passphrase, if it has one; ending it
     * needs none. `read`: the schedule as the caller read it; if it has changed since, nothing is set
     * (`settings.changed_meanwhile`).
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
    /** Live events about the vault's keys and backups, from every actor. */
    watchNotices: base.output(eventIterator(vaultNoticeSchema)),
  },
  findings: findingsContract,
  usage: usageContract,
  inspect: inspectContract,
}
export type Contract = typeof contract

export type CertificateDetail = z.infer<typeof certificateDetailSchema>
export type Staged = z.infer<typeof stagedSchema>
