import { Option } from 'commander'

/** Options of commands that open encrypted keys in files. */
export const passwordOption = new Option(
  '--password <passphrase>',
  'passphrase of an encrypted key (an argument is visible to other processes of this computer)',
)

export const passwordStdinOption = new Option(
  '--password-stdin',
  'read the passphrase from the first line of standard input',
)

/**
 * Option of commands that ask for a passphrase at the terminal: `what` names it, such as "the passphrase".
 */
export function passwordStdinInstead(what = 'the passphrase'): Option {
  return new Option('--password-stdin', `read ${what} from standard input instead of asking`)
}
