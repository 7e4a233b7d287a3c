import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
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
import { base } from '../shared/procedure-base.ts'
import { backupScheduleSchema, scheduledBackupSchema } from './backup-schedule.ts'

/** Guesses against a backup are not limited: scrypt sets their cost, the passphrase their number. */
const backupPassphrase = passphraseSchema.min(8, 'a backup needs a passphrase of 8 characters or more')

/** Every backup needs the recovery key, except those of the format before it existed. */
const openedBackup = z.object({
  file: z.file(),
  passphrase: passphraseSchema,
  recoveryKey: z.string().max(200).optional(),
})

export const vaultContract = {
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
   * opening it needs both. Needs as proof the vault's passphrase, if it has one. `file`: name that the caller
   * writes it under, for the audit trail.
   */
  backUp: base
    .input(
      z.object({
        passphrase: backupPassphrase,
        proof: proofSchema.optional(),
        file: z.string().min(1).max(255).optional(),
      }),
    )
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
}
