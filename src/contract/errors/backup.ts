import { z } from 'zod'
import { define, none } from './define.ts'

export const backupErrors = {
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
