import { EdgekeepError, formatPlace, type Place } from '../../contract/errors/registry.ts'
import { visibleText } from '../../contract/text/visible-text.ts'
import { stdinLine } from './stdin-line.ts'
import { printError } from '../output/output.ts'
import { Interruption, usageError } from '../frame/command.ts'
import type { OptionsOf } from '../frame/declare.ts'

/** Options of commands that open encrypted keys in files. */
export const passwordFlag = {
  '--password <passphrase>':
    'passphrase of an encrypted key (an argument is visible to other processes of this computer)',
} as const
export const passwordStdinFlag = {
  '--password-stdin': 'read the passphrase from the first line of standard input',
} as const
export type PassphraseOptions = OptionsOf<typeof passwordFlag & typeof passwordStdinFlag>

/** Option of commands that ask for a passphrase at the terminal: `what` names it. */
export function passwordStdinInstead(what = 'the passphrase'): { '--password-stdin': string } {
  return { '--password-stdin': `read ${what} from standard input instead of asking` }
}

/** Passphrase from the options, without a prompt. */
export function givenPassphrase({ password, passwordStdin }: PassphraseOptions): string | undefined {
  if (!passwordStdin) return password
  return stdinLine()
}

/**
 * Asks at the terminal without echo. `option` is the alternative that reads standard input.
 * @throws `usage.wrong` without a terminal
 */
export async function askPassphrase(what: string, option = '--password-stdin'): Promise<string> {
  if (process.stdin.isTTY) return askSecret(`Passphrase for ${what}`)
  const reason = `The passphrase for ${what} is needed, and there is no terminal to ask at. Give it on standard input with ${option}.`
  throw usageError(reason)
}

/** The same for an encrypted piece at `place`; throws `key.encrypted` without a terminal. */
export async function askPassphraseAt(place: Place): Promise<string> {
  if (!process.stdin.isTTY) throw new EdgekeepError('key.encrypted', { place })
  return askSecret(`Passphrase for ${formatPlace(place)}`)
}

/**
 * Asks without echo. The caller has checked that there is a terminal.
 * @throws `Interruption` after Ctrl-C
 */
export async function askSecret(label: string): Promise<string> {
  const { stdin } = process
  process.stderr.write(`${visibleText(label)}: `)
  stdin.setRawMode(true)
  stdin.resume()
  try {
    return await typedLine()
  } finally {
    stdin.setRawMode(false)
    stdin.pause()
    printError('')
  }
}

function typedLine(): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let typed = ''
  const onData = (chunk: Buffer) => {
    for (const character of chunk.toString('utf8')) {
      if (character === '\r' || character === '\n') return finish(() => resolve(typed))
      if (character === '\u0003') return finish(() => reject(new Interruption()))
      if (character === '\u0004') return finish(() => reject(usageError('No passphrase was given.')))
      typed = character === '\u007f' || character === '\b' ? typed.slice(0, -1) : typed + character
    }
  }
  const finish = (settle: () => void) => {
    process.stdin.off('data', onData)
    settle()
  }
  process.stdin.on('data', onData)
  return promise
}
