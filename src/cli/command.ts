import type { Result } from './output/output.ts'

export interface GlobalOptions {
  home?: string
  json?: boolean
  vaultPasswordStdin?: boolean
}

export interface Cli {
  /** Wraps an action: its result is printed and its exit status kept. */
  answer<A extends unknown[]>(
    act: (global: GlobalOptions, ...args: A) => Promise<Result>,
  ): (...args: A) => Promise<void>
  /** For actions that print by themselves and answer an exit status. */
  run<A extends unknown[]>(
    act: (global: GlobalOptions, ...args: A) => Promise<number>,
  ): (...args: A) => Promise<void>
}
