import type { Client } from '../../client/client.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { shortestPassphrase } from '../../contract/custody/custody.ts'
import { strengthOf } from '../../contract/custody/passphrase-strength.ts'
import { type GlobalOptions, usageError } from '../frame/command.ts'
import { printError } from '../output/output.ts'
import { askPassphrase, askSecret } from './passphrase.ts'
import { stdinLine } from './stdin-line.ts'

/**
 * Passphrase of the vault, from standard input or a prompt.
 * @throws `vault.passphrase_needed` without a terminal
 */
export async function vaultPassphrase(fromStdin: boolean | undefined): Promise<string> {
  if (fromStdin) return stdinLine()
  if (!process.stdin.isTTY) throw new EdgekeepError('vault.passphrase_needed', {})
  return askPassphrase('the vault')
}

/** Asks for a new passphrase of the vault, like `newPassphrase`. */
export function newVaultPassphrase(fromStdin: boolean | undefined): Promise<string> {
  return newPassphrase('the vault', fromStdin, '--password-stdin')
}

/**
 * Asks for a new passphrase. A weak one is accepted, with a warning on standard error.
 * @throws `usage.wrong` if it is too short, typed differently, or there is no terminal
 */
export async function newPassphrase(
  what: string,
  fromStdin: boolean | undefined,
  option: string,
): Promise<string> {
  const passphrase = fromStdin ? stdinLine() : await typedTwice(what, option)
  if (passphrase.length < shortestPassphrase)
    throw usageError(
      `The new passphrase of ${what} needs ${shortestPassphrase} characters or more. Nothing was changed.`,
    )
  await warnIfGuessable(passphrase)
  return passphrase
}

export async function warnIfGuessable(passphrase: string): Promise<void> {
  if ((await strengthOf(passphrase)) !== 'good') printError(guessable)
}

const guessable = 'Warning: this passphrase is easy to guess. Several unrelated words are better.'

/** Asked twice, since there is no echo. */
async function typedTwice(what: string, option: string): Promise<string> {
  if (!process.stdin.isTTY)
    throw usageError(
      `A new passphrase for ${what} is needed, and there is no terminal to ask at. Give it on standard input with ${option}.`,
    )
  const first = await askSecret(`New passphrase for ${what}`)
  if (first === (await askSecret('The same again'))) return first
  throw usageError('The two passphrases differ. Nothing was changed.')
}

/** The first passphrase on standard input, for a vault with a passphrase. */
export async function passphraseOnStdin(client: Client): Promise<string | undefined> {
  const { protection } = await client.engine.status()
  return protection.protector === 'passphrase' ? vaultPassphrase(true) : undefined
}

/**
 * Unlocks the vault that this process opened, if its passphrase is available, and returns that. Otherwise it
 * stays locked, and operations that need a key fail.
 */
export async function unlockHere(client: Client, options: GlobalOptions): Promise<string | undefined> {
  const { protection } = await client.engine.status()
  const canBeGiven = options.vaultPasswordStdin || process.stdin.isTTY
  if (!protection.locked || protection.protector !== 'passphrase' || !canBeGiven) return undefined
  const passphrase = await vaultPassphrase(options.vaultPasswordStdin)
  await client.vault.unlock({ passphrase })
  return passphrase
}
