import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { Client } from '../../client/client.ts'

export interface GlobalOptions {
  home?: string
  json?: boolean
  vaultPasswordStdin?: boolean
  verbose?: boolean
}

export interface Session {
  client: Client
  global: GlobalOptions
  /** False if no engine runs and this process opened the vault itself. */
  engineRuns: boolean
  /** The vault's passphrase, if it was given for opening it in this process or on standard input. */
  passphrase?: string
}

/** Result of a command: plain data for `--json`, text for a person. */
export interface Result {
  data: Record<string, unknown>
  text: string
  /** The text is the content of a requested file, printed verbatim. */
  isDocument?: boolean
  /** Error of a negative result; the data is still printed. */
  no?: EdgekeepError
}

export interface Cli {
  /** Wraps an action: prints its result and sets the exit status. */
  answer<A extends unknown[]>(
    act: (global: GlobalOptions, ...args: A) => Promise<Result>,
  ): (...args: A) => Promise<void>
  /** Wraps an action on the engine, or on the vault opened in this process; it may use keys and change things. */
  keys<A extends unknown[]>(
    act: (session: Session, ...args: A) => Promise<Result>,
  ): (...args: A) => Promise<void>
  /** Like `keys` for an action that only reads what a locked vault has too. */
  facts<A extends unknown[]>(
    act: (session: Session, ...args: A) => Promise<Result>,
  ): (...args: A) => Promise<void>
  /** Wraps an action that prints by itself and returns an exit status. */
  run<A extends unknown[]>(
    act: (global: GlobalOptions, ...args: A) => Promise<number>,
  ): (...args: A) => Promise<void>
}

/** Error about the command line itself: `usage.wrong`, exit status 2. */
export function usageError(reason: string, cause?: unknown): EdgekeepError {
  return new EdgekeepError('usage.wrong', { reason }, cause === undefined ? undefined : { cause })
}

/** Ctrl-C: says what was changed before it, and the exit status is that of an interrupted command. */
export class Interruption extends EdgekeepError<'usage.wrong'> {
  constructor(reason = 'Nothing was changed.') {
    super('usage.wrong', { reason })
  }
}
