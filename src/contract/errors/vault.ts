import { z } from 'zod'
import { count } from '../text/count.ts'
import { define, none } from './define.ts'

const proofLabels = {
  passphrase: 'the passphrase of the vault',
  recoveryKey: 'its recovery key',
  code: "the confirmation code in Edgekeep's folder",
} as const

/** The vault, what opens it, its recovery key, its audit trail, and its backups. */
export const vaultErrors = {
  'vault.locked': define(
    'trouble',
    z.object({ reason: z.string() }),
    (d) => `The vault is locked: ${d.reason}. Unlock it in the window or with "edgekeep unlock".`,
  ),
  'vault.passphrase_needed': define('input', none, () => 'This needs the passphrase of the vault. Enter it.'),
  'vault.wrong_passphrase': define(
    'input',
    none,
    () => 'The passphrase does not open the vault. Nothing was changed; try again.',
  ),
  'vault.proof_needed': define(
    'input',
    z.object({ accepts: z.array(z.enum(['passphrase', 'recoveryKey', 'code'])).min(1) }),
    (d) =>
      `Confirm that you are the owner of the vault: enter ${d.accepts.map((kind) => proofLabels[kind]).join(' or ')}.`,
  ),
  'vault.wrong_code': define(
    'input',
    none,
    () => 'The confirmation code is wrong or has expired. Nothing was changed. Request a new one.',
  ),
  'vault.too_many_attempts': define(
    'state',
    z.object({ seconds: z.number().int() }),
    (d) =>
      `Too many wrong attempts to open the vault. Wait ${count(d.seconds, 'second')} and try again. Activity lists the attempts.`,
  ),
  'vault.protector_failed': define(
    'trouble',
    z.object({ reason: z.string() }),
    (d) => `The vault's key cannot be kept there: ${d.reason}. Nothing was changed.`,
  ),
  'vault.newer': define(
    'trouble',
    z.object({ found: z.number(), known: z.number() }),
    (d) =>
      `The vault was written by a newer Edgekeep (schema ${d.found}; this one supports ${d.known}). Update Edgekeep. Nothing was changed.`,
  ),
  'vault.damaged': define(
    'trouble',
    z.object({ reason: z.string() }),
    (d) => `The vault's database is damaged: ${d.reason}. Nothing was changed.`,
  ),
  'recovery.missing': define(
    'state',
    none,
    () =>
      'The vault has no recovery key yet, and every backup is encrypted to it. Set one up in Settings or with "edgekeep vault recovery-key --new".',
  ),
  'recovery.malformed': define(
    'input',
    z.object({ reason: z.string() }),
    (d) => `This is not a recovery key: ${d.reason}. Compare it with the one you wrote down.`,
  ),
  'recovery.wrong': define(
    'input',
    z.object({ id: z.string() }),
    (d) => `This is not the recovery key ${d.id}, which is needed. Nothing was changed.`,
  ),
  'audit.broken': define(
    'state',
    z.object({ row: z.number(), reason: z.string() }),
    (d) =>
      `The audit trail was altered: at row ${d.row}, ${d.reason}. The vault's file was changed outside Edgekeep.`,
  ),
  'backup.malformed': define(
    'input',
    z.object({ reason: z.string() }),
    (d) => `The backup cannot be read: ${d.reason}. Nothing was changed.`,
  ),
  'backup.not_opened': define(
    'input',
    none,
    () => 'The backup does not open: the passphrase is wrong, or the file is damaged. Nothing was changed.',
  ),
  'backup.passphrase_needed': define(
    'input',
    none,
    () =>
      'The vault in this backup was protected by a passphrase. Choose a passphrase for it here, of 8 characters or more.',
  ),
  'backup.recovery_key_needed': define(
    'input',
    z.object({ id: z.string() }),
    (d) =>
      `This backup is encrypted to the recovery key ${d.id}. It opens with that key and its passphrase together. Enter the recovery key.`,
  ),
  'backup.folder_unusable': define(
    'input',
    z.object({ reason: z.string() }),
    (d) => `Backups cannot be kept in that folder: ${d.reason}. Choose another one.`,
  ),
  'backup.failed': define(
    'state',
    z.object({ reason: z.string() }),
    (d) => `The last scheduled backup failed. ${d.reason}`,
  ),
}
