import type { Result } from './output/output.ts'

export interface GlobalOptions {
  home?: string
  json?: boolean
  vaultPasswordStdin?: boolean
}

export interface Cli {
  /** Wraps an action: prints its result and sets the exit status. */
  answer<A extends unknown[]>(
    act: (global: GlobalOptions, ...args: A) => Promise<Result>,
  ): (...args: A) => Promise<void>
  /** Wraps an action that prints by itself and returns an exit status. */
  run<A extends unknown[]>(
    act: (global: GlobalOptions, ...args: A) => Promise<number>,
  ): (...args: A) => Promise<void>
}
