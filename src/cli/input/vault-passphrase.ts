import type { Client } from '../../client/client.ts'
import { EdgekeepError } from '../../contract/errors.ts'
import { shortestPassphrase } from '../../contract/custody.ts'
import { strengthOf } from '../../contract/passphrase-strength.ts'
import type { GlobalOptions } from '../command.ts'
import { printError } from '../output/output.ts'
import { askPassphrase, askSecret } from './passphrase.ts'
import { stdinLine } from './stdin-line.ts'

/**
 * The passphrase of the vault, from standard input or asked for.
 * @throws `vault.passphrase_needed` where nobody can be asked
 */
export async function vaultPassphrase(fromStdin: boolean | undefined): Promise<string> {
  if (fromStdin) return stdinLine()
  if (!process.stdin.isTTY) throw new EdgekeepError('vault.passphrase_needed', {})
  return askPassphrase('the vault')
}

/** Asks for the vault's passphrase that is set, as `newPassphrase` does. */
export function newVaultPassphrase(fromStdin: boolean | undefined): Promise<string> {
  return newPassphrase('the vault', fromStdin, '--password-stdin')
}

/**
 * A passphrase that is set. One that could be guessed is accepted, with a warning on standard error.
 * @throws `usage.wrong` where it is too short, typed differently, or nobody can be asked
 */
export async function newPassphrase(
  what: string,
  fromStdin: boolean | undefined,
  option: string,
): Promise<string> {
  const passphrase = fromStdin ? stdinLine() : await typedTwice(what, option)
  if (passphrase.length < shortestPassphrase)
    throw new EdgekeepError('usage.wrong', {
      reason: `The new passphrase of ${what} needs ${shortestPassphrase} characters or more. Nothing was changed.`,
    })
  await warnIfGuessable(passphrase)
  return passphrase
}

export async function warnIfGuessable(passphrase: string): Promise<void> {
  if ((await strengthOf(passphrase)) !== 'good') printError(guessable)
}

const guessable = 'Warning: this passphrase is easy to guess. Several unrelated words are better.'

/** Typed twice at a terminal, since nobody sees it. */
async function typedTwice(what: string, option: string): Promise<string> {
  if (!process.stdin.isTTY)
    throw new EdgekeepError('usage.wrong', {
      reason: `A new passphrase for ${what} is needed, and nobody can be asked here. Give it on standard input with ${option}.`,
    })
  const first = await askSecret(`New passphrase for ${what}`)
  if (first === (await askSecret('The same again'))) return first
  throw new EdgekeepError('usage.wrong', { reason: 'The two passphrases differ. Nothing was changed.' })
}

/** The passphrase that comes first on standard input, for a vault that has one. */
export async function passphraseOnStdin(client: Client): Promise<string | undefined> {
  const { protection } = await client.engine.status()
  return protection.protector === 'passphrase' ? vaultPassphrase(true) : undefined
}

/**
 * Unlocks the vault that this process has opened itself, where somebody can give its passphrase,
 * and answers with that. Where nobody can, it stays locked, and what needs a key says so.
 */
export async function unlockHere(client: Client, options: GlobalOptions): Promise<string | undefined> {
  const { protection } = await client.engine.status()
  const canBeGiven = options.vaultPasswordStdin || process.stdin.isTTY
  if (!protection.locked || protection.protector !== 'passphrase' || !canBeGiven) return undefined
  const passphrase = await vaultPassphrase(options.vaultPasswordStdin)
  await client.vault.unlock({ passphrase })
  return passphrase
}
