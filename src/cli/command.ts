import type { Client } from '../client/client.ts'
import type { Result } from './output/output.ts'

export interface GlobalOptions {
  home?: string
  json?: boolean
  vaultPasswordStdin?: boolean
}

export interface Session {
  client: Client
  global: GlobalOptions
  /** False if no engine runs and this process opened the vault itself. */
  engineRuns: boolean
  /** The vault's passphrase, if it was given for opening it in this process or on standard input. */
  passphrase?: string | undefined
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
