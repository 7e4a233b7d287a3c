import { z } from 'zod'
import { define, none } from './define.ts'

/** Backups and scheduled copies. */
export const backupErrors = {
  'backup.malformed': define(
    'input',
    z.object({ reason: z.string() }),
    (d) => `This is not a backup that can be read: ${d.reason}. Nothing was changed.`,
  ),
  'backup.not_opened': define(
    'input',
    none,
    () =>
      'The backup does not open: the passphrase is another one, or the file was changed. Nothing was changed.',
  ),
  'backup.passphrase_needed': define(
    'input',
    none,
    () =>
      'The vault in this backup was protected by a passphrase. Give the passphrase that shall protect it here, of 8 characters or more.',
  ),
  'backup.recovery_key_needed': define(
    'input',
    z.object({ id: z.string() }),
    (d) =>
      `This backup is sealed to the recovery key ${d.id}, and opens with that and its passphrase. Give the recovery key.`,
  ),
  'backup.folder_unusable': define(
    'input',
    z.object({ reason: z.string() }),
    (d) => `Copies cannot be kept in that folder: ${d.reason}. Choose another one.`,
  ),
  'backup.failed': define(
    'state',
    z.object({ reason: z.string() }),
    (d) => `The last scheduled copy of the vault was not made. ${d.reason}`,
  ),
}
