import { type Flags, type OptionsOf, answer } from '../../frame/declare.ts'
import { randomInt } from 'node:crypto'
import { newRecoveryKey } from '../../../domain/recovery-key-pair.ts'
import { isGroup } from '../../../domain/recovery-key.ts'
import { type Session, type Result, usageError } from '../../frame/command.ts'
import { printError } from '../../output/output.ts'
import { askSecret } from '../../input/passphrase.ts'
import { factLines } from '../../output/format.ts'
import { withEngine } from '../../session.ts'
import { proving } from '../../input/vault-proof.ts'
import { sentences } from '../../../contract/text/sentences.ts'

/** `vault recovery-key`: shows the current one's identity, or creates a new one. */
const recoveryKeyFlags = {
  '--new': 'create a recovery key, show it once, and use it for backups from now on',
  '--yes': 'print the new key to standard output without asking you to confirm it',
} as const satisfies Flags
type RecoveryKeyOptions = OptionsOf<typeof recoveryKeyFlags>

export const recoveryKeyCommand = answer('recovery-key', {
  summary: 'show which recovery key backups use, or set up a new one',
  about:
    'Backups are encrypted with a recovery key that only you have, and with a passphrase. A new key is shown once: write it down and keep it away from this computer. Edgekeep stores only its public half. Older backups still open with the key that was set when they were made.',
  flags: recoveryKeyFlags,
  examples: [
    'vault recovery-key',
    'vault recovery-key --new',
    'vault recovery-key --new --yes > /media/usb/recovery-key.txt',
  ],
  run: (global, options: RecoveryKeyOptions) =>
    withEngine(
      global,
      (session) => (options.new ? setUp(session, options.yes ?? false) : show(session)),
      options.new ? 'keys' : 'facts',
    ),
})

async function show({ client }: Session): Promise<Result> {
  const { recoveryKey } = await client.engine.status()
  const text = recoveryKey
    ? factLines([
        ['Recovery key', recoveryKey.id],
        ['Set up', recoveryKey.setAt],
      ])
    : 'The vault has no recovery key yet, and no backup can be made. Set one up with: edgekeep vault recovery-key --new'
  return { data: { recoveryKey }, text }
}

async function setUp(session: Session, isUnasked: boolean): Promise<Result> {
  if (!isUnasked && !process.stdin.isTTY)
    throw usageError(
      'A new recovery key is shown at a terminal, and a part of it is asked for. Give --yes to write it to standard output without that.',
    )
  const { recoveryKey, publicKey } = await newRecoveryKey()
  if (!isUnasked) await showAndAsk(recoveryKey)
  const set = await proving(session, (proof) => session.client.vault.setRecoveryKey({ publicKey, proof }))
  const text = `Backups are sealed to the recovery key ${set.id} from now on. Backups made before open with the key that was set then.`
  if (!isUnasked) return { data: { recoveryKey: set }, text }
  // Standard output has the key alone, for a file.
  if (!session.global.json) printError(text)
  return { data: { recoveryKey: { ...set, key: recoveryKey } }, text: recoveryKey }
}

/** Asks for two groups of it, which proves that the person has noted it. */
async function showAndAsk(recoveryKey: string): Promise<void> {
  printError(
    `\nYour recovery key:\n\n  ${recoveryKey}\n\n${sentences.writeKeyDown} It is not shown again, and without it no backup can be restored.\n`,
  )
  const first = randomInt(0, 7)
  for (const group of [first, randomInt(first + 1, 8)]) {
    if (isGroup(recoveryKey, group, await askSecret(`Type group ${group + 1} of the eight`))) continue
    throw usageError('That is another group. No recovery key was set up; start again.')
  }
}
