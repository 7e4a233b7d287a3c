import { type OptionsOf, all, facts, keys } from '../../frame/declare.ts'
import { count } from '../../../contract/text/count.ts'
import { basename } from 'node:path'
import { asEdgekeepError } from '../../../client/client.ts'
import type { BackupContent } from '../../../contract/custody/custody.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { formatSize } from '../../../contract/text/format-size.ts'
import { type GlobalOptions, type Session, type Result, usageError } from '../../frame/command.ts'
import { confirm, yesFlag } from '../../flags/confirmation.ts'
import { warningLines } from '../../output/format.ts'
import { askPassphrase, askSecret, passwordStdinInstead } from '../../input/passphrase.ts'
import { readFile, writeOutput } from '../../input/files.ts'
import { stdinLine } from '../../input/stdin-line.ts'
import { newVaultPassphrase } from '../../input/vault-passphrase.ts'
import { proofOf, proving } from '../../input/vault-proof.ts'
import { backupSchedule, type ScheduleOptions } from './backup-schedule.ts'
import { storesWithRoot, undoRootTrust, undoTrustFlag } from '../trust/root-trust.ts'
import { sentences } from '../../../contract/text/sentences.ts'

type PassphraseInput = OptionsOf<ReturnType<typeof passwordStdinInstead>>

type BackupOptions = PassphraseInput & ScheduleOptions
type RestoreOptions = PassphraseInput & OptionsOf<typeof undoTrustFlag & typeof yesFlag>

export const backupCommands = all([
  keys('backup [file]', {
    summary: 'back up the vault to an encrypted file, once or on a schedule',
    about:
      'Back up the whole vault, including keys, to one file that is encrypted with the recovery key (edgekeep vault recovery-key) and a passphrase. Restoring needs both. Without a file: show or set up automatic backups.',
    flags: {
      '--every <time>': 'interval between backups, such as 24h or 7d',
      '--keep <number>': 'number of backups to keep',
      '--to <dir>': 'folder for the backups',
      '--off': 'turn automatic backups off',
      ...passwordStdinInstead('the backup’s passphrase'),
    },
    help: '\nIf the vault has a passphrase, it is asked for as well; --vault-password-stdin reads it first.\n\nExamples:\n  $ edgekeep backup edgekeep.backup\n  $ edgekeep backup --every 24h --keep 7 --to /media/backups',
    run: (session, path: string | undefined, options: BackupOptions) =>
      path === undefined ? keepCopies(session, options) : backUp(session, path, options),
  }),
  facts('restore <file>', {
    summary: 'restore the vault from a backup',
    about:
      'Restore the vault from a backup, completely or not at all. What is in the vault now is replaced. Opening the backup needs its passphrase and its recovery key.',
    flags: {
      ...undoTrustFlag,
      '--password-stdin':
        'read from lines of standard input: the backup’s passphrase, its recovery key, and the vault’s new passphrase, each only if needed',
      ...yesFlag,
    },
    help: '\nIf the vault in the backup had a passphrase, you are asked for a new one. A backup in the older format has no recovery key; leave its line out.\n\nExamples:\n  $ edgekeep restore edgekeep.backup\n  $ edgekeep restore edgekeep.backup --password-stdin --yes < secrets.txt',
    run: (session, path: string, options: RestoreOptions) =>
      restore(session, session.global, { path, options }),
  }),
])

function keepCopies(session: Session, options: BackupOptions): Promise<Result> {
  return backupSchedule(session, options, () => passphraseFor('the copies', options))
}

async function backUp(session: Session, path: string, options: BackupOptions): Promise<Result> {
  if (options.every || options.keep || options.to || options.off)
    throw usageError('Give a file, or a schedule, but not both.')
  const { client } = session
  const { recoveryKey } = await client.engine.status()
  if (!recoveryKey) throw new EdgekeepError('recovery.missing', {})
  const passphrase = await passphraseFor('the backup', options)
  const file = await proving(session, (proof) =>
    client.vault.backUp({ passphrase, proof, file: basename(path) }),
  )
  writeOutput(path, new Uint8Array(await file.arrayBuffer()), 'secret')
  const text = `Wrote ${path} (${formatSize(file.size)}). It opens with its passphrase and the recovery key ${recoveryKey.id}, and with neither alone.`
  return { data: { sizeBytes: file.size, recoveryKey: recoveryKey.id }, text }
}

async function restore(
  session: Session,
  global: GlobalOptions,
  { path, options }: { path: string; options: RestoreOptions },
): Promise<Result> {
  const { client } = session
  const { name, bytes } = readFile(path)
  const file = new File([bytes], name)
  const passphrase = await passphraseFor(name, options)
  const opened = await opening({ ...session, given: { file, passphrase } }, options)
  const { content, recoveryKey } = opened
  const newPassphrase =
    content.protector === 'passphrase' ? await newVaultPassphrase(options.passwordStdin) : undefined
  if (!options.yes) await confirm(await question(session, content))
  const proof = content.proofs.length > 0 ? await proofOf(session, content.proofs) : undefined
  const undone = options.undoTrust ? await undoRootTrust(client, global, options.yes) : null
  const done = await client.vault.restore({ file, passphrase, recoveryKey, newPassphrase, proof })
  return {
    data: { ...done, content, ...undone?.data },
    text: [...(undone ? [undone.text] : []), formatRestored(done, content)].join('\n\n'),
    no: undone?.no,
  }
}

/** Asks for the recovery key only if the backup needs one, which the engine reports before any work. */
async function opening(
  { client, given }: Session & { given: { file: File; passphrase: string } },
  { passwordStdin }: PassphraseInput,
): Promise<{ content: BackupContent; recoveryKey?: string }> {
  try {
    return { content: await client.vault.inspectBackup(given) }
  } catch (error) {
    const failure = asEdgekeepError(error)
    if (failure.code !== 'backup.recovery_key_needed') throw failure
    const recoveryKey = passwordStdin ? stdinLine() : await askedRecoveryKey(failure)
    if (!recoveryKey) throw failure
    return { content: await client.vault.inspectBackup({ ...given, recoveryKey }), recoveryKey }
  }
}

async function askedRecoveryKey(needed: EdgekeepError): Promise<string> {
  if (!process.stdin.isTTY) throw needed
  return askSecret('Recovery key of the backup')
}

async function question({ client }: Session, content: BackupContent): Promise<string> {
  const { domains, certificates } = await client.engine.status()
  const trustingStores = await storesWithRoot(client)
  const trustNote =
    trustingStores.length > 0
      ? `These trust the local authority of the present vault: ${trustingStores.join(', ')}. If the backup has another one, they keep the present one until "edgekeep trust undo"; --undo-trust takes it out first.\n`
      : ''
  const made = content.madeAt ? ` of ${content.madeAt}` : ''
  return `${trustNote}Replace the vault (${counted({ domains: domains.total, certificates })}) with this backup${made} (${counted(content)})?`
}

function formatRestored(
  { restarts, protection }: { restarts: boolean; protection: { reason: string; warnings: string[] } },
  content: BackupContent,
): string {
  const older = `${sentences.olderBackup} Set up a recovery key (edgekeep vault recovery-key --new), make a new backup and delete this one.`
  return [
    `The vault is restored: ${counted(content)}.`,
    protection.reason,
    restarts ? 'The engine starts again on it.' : '',
    content.passphraseOnly ? older : '',
    ...warningLines(protection.warnings),
  ]
    .filter(Boolean)
    .join(' ')
}

function counted({ domains, certificates }: { domains: number; certificates: number }): string {
  return `${count(domains, 'domain')}, ${count(certificates, 'certificate')}`
}

async function passphraseFor(what: string, { passwordStdin }: PassphraseInput): Promise<string> {
  return passwordStdin ? stdinLine() : askPassphrase(what)
}
