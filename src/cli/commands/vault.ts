import { Argument, type Command } from 'commander'
import { protectorSchema, type ProtectionStatus } from '../../contract/custody.ts'
import { EdgekeepError } from '../../contract/errors.ts'
import type { Cli } from '../command.ts'
import { confirm } from '../confirm.ts'
import { readFile, writeOutput } from '../files.ts'
import type { Result } from '../output.ts'
import { askPassphrase } from '../passphrase.ts'
import { withEngine, type Session } from '../session.ts'
import { stdinLines } from '../stdin-lines.ts'
import { newVaultPassphrase, vaultPassphrase } from '../vault-passphrase.ts'
import { backupSchedule, type ScheduleOptions } from './backup-schedule.ts'
import { lockingCommands } from './locking.ts'

type Protector = ProtectionStatus['protector']

interface PassphraseInput {
  passwordStdin?: boolean
}

type BackupOptions = PassphraseInput & ScheduleOptions

const PASSWORD_STDIN = 'read the passphrase from the first line of standard input instead of asking'

export function vaultCommands(program: Command, cli: Cli): void {
  const vault = program.command('vault').description('how the vault keeps its keys')
  vault
    .command('rotate')
    .summary('seal every key anew under a new data key')
    .description(
      'Seal every key anew under a new data key. A copy of the vault from before opens nothing of what is sealed after.',
    )
    .option('--password-stdin', PASSWORD_STDIN)
    .action(
      cli.answer((global, options: PassphraseInput) =>
        withEngine(global, (session) => rotate(session, options)),
      ),
    )
  vault
    .command('protect')
    .addArgument(new Argument('<with>', 'what keeps the key of the vault').choices(protectorSchema.options))
    .summary('keep the key of the vault elsewhere, or under another passphrase')
    .description(
      'Keep the key of the vault with another protector, or under another passphrase, and seal every key anew. A new passphrase is asked for twice and has 8 characters or more.',
    )
    .option('--password-stdin', PASSWORD_STDIN)
    .action(
      cli.answer((global, protector: Protector, options: PassphraseInput) =>
        withEngine(global, (session) => protect(session, protector, options)),
      ),
    )
  lockingCommands(program, vault, cli)
  program
    .command('backup [file]')
    .summary('write the whole vault into one encrypted file, or have that done on a schedule')
    .description(
      'Write the whole vault, keys and all, into one file under a passphrase of its own. Nothing else is needed to restore it. Without a file: set or show the copies that the engine makes by itself.',
    )
    .option('--every <time>', 'make a copy every so often, such as 24h or 7d')
    .option('--keep <number>', 'how many copies stay')
    .option('--to <dir>', 'the folder that copies are kept in')
    .option('--off', 'make no more copies')
    .option('--password-stdin', PASSWORD_STDIN)
    .addHelpText(
      'after',
      '\nExamples:\n  $ edgekeep backup edgekeep.backup\n  $ edgekeep backup --every 24h --keep 7 --to /media/backups',
    )
    .action(
      cli.answer((global, path: string | undefined, options: BackupOptions) =>
        path === undefined
          ? withEngine(global, (session) => keepCopies(session, options))
          : withEngine(global, (session) => backUp(session, path, options)),
      ),
    )
  program
    .command('restore <file>')
    .summary('put a backup in the place of the vault')
    .description(
      'Put a backup in the place of the vault, whole or not at all. What the vault holds now is replaced.',
    )
    .option('--password-stdin', PASSWORD_STDIN)
    .option('--yes', 'do not ask')
    .action(
      cli.answer(async (global, path: string, options: PassphraseInput & { yes?: boolean }) => {
        if (!options.yes) await confirm('Replace everything in the vault with what is in this backup?')
        return withEngine(global, (session) => restore(session, path, options), 'facts')
      }),
    )
}

async function rotate(session: Session, options: PassphraseInput): Promise<Result> {
  const { client } = session
  const passphrase = await currentPassphrase(session, options)
  const rotation = await client.vault.rotate({ passphrase })
  return { data: { ...rotation }, words: `Every key is sealed anew. ${oldKeys(rotation.notForgotten)}` }
}

/** Under a passphrase the new wrapping key is derived from that. */
async function currentPassphrase(
  { client, passphrase }: Session,
  { passwordStdin }: PassphraseInput,
): Promise<string | undefined> {
  const { protection } = await client.engine.status()
  if (protection.protector !== 'passphrase' || protection.locked) return undefined
  return passphrase ?? vaultPassphrase(passwordStdin)
}

async function protect(
  { client }: Session,
  protector: Protector,
  { passwordStdin }: PassphraseInput,
): Promise<Result> {
  const rotation = await client.vault.protect(
    protector === 'passphrase'
      ? { protector, passphrase: await newVaultPassphrase(passwordStdin) }
      : { protector },
  )
  return { data: { ...rotation }, words: `${rotation.protection.reason} ${oldKeys(rotation.notForgotten)}` }
}

function oldKeys(notForgotten: number): string {
  if (notForgotten === 0) return 'The old key is forgotten.'
  return 'The old key could not be removed just now; that is tried again when the vault is next opened.'
}

function keepCopies(session: Session, options: BackupOptions): Promise<Result> {
  return backupSchedule(session, options, () => passphraseFor('the copies', options))
}

async function backUp({ client }: Session, path: string, options: BackupOptions): Promise<Result> {
  if (options.every || options.keep || options.to || options.off)
    throw new EdgekeepError('usage.wrong', { reason: 'Give a file, or a schedule, but not both.' })
  const file = await client.vault.backUp({ passphrase: await passphraseFor('the backup', options) })
  writeOutput(path, new Uint8Array(await file.arrayBuffer()), 'secret')
  const words = `Wrote ${path} (${file.size} bytes). Without its passphrase it cannot be opened by anybody.`
  return { data: { sizeBytes: file.size }, words }
}

async function restore({ client }: Session, path: string, options: PassphraseInput): Promise<Result> {
  const { name, bytes } = readFile(path)
  const passphrase = await passphraseFor(name, options)
  const { restarts } = await client.vault.restore({ file: new File([bytes], name), passphrase })
  const words = `The vault is restored.${restarts ? ' The engine starts again on it.' : ''}`
  return { data: { restarts }, words }
}

async function passphraseFor(what: string, { passwordStdin }: PassphraseInput): Promise<string> {
  return passwordStdin ? (stdinLines(true).next() ?? '') : askPassphrase(what)
}
