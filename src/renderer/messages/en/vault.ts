import { sentences } from '../../../contract/text/sentences.ts'

export const vault = {
  title: 'The vault is locked',
  down_one:
    'HTTPS is down for {{count}} domain, because the edge has no key for it. A redirect to HTTPS answers 503 meanwhile.',
  down_other:
    'HTTPS is down for {{count}} domains, because the edge has no keys for them. A redirect to HTTPS answers 503 meanwhile.',
  whatWorks: 'You can look at everything, but nothing can be changed until you unlock it.',
  passphrase: 'Passphrase of the vault',
  unlock: 'Unlock',
  unlocked: sentences.vaultUnlocked,
  stillLocked: 'The vault was not unlocked.',
  locked: sentences.vaultLocked,
  notLocked: 'Could not lock the vault',
  noChange: 'The vault is locked. Unlock it to change this.',
  ended: 'Edgekeep has ended. Run “edgekeep” again to use this.',
  notice: {
    backup: 'A backup of the vault was made',
    schedule: 'Automatic backups were set up or changed',
    'schedule-ended': 'Automatic backups were turned off',
    'recovery-key': 'A new recovery key was set for backups',
    protection: 'The vault’s protection was changed',
    rotation: 'The vault’s key was replaced',
    restore: 'The vault was replaced by a backup',
    code: 'A confirmation code was requested',
    refused: 'A wrong passphrase, recovery key or code was entered',
    by: {
      window: '{{change}}.',
      command: '{{change}} from the command line.',
      engine: '{{change}} by Edgekeep itself.',
    },
  },
}
