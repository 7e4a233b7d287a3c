import type { Command } from 'commander'

export interface DryRunOptions {
  dryRun?: boolean
}

/** Option of every command that shows a plan before it changes this computer. */
export function withDryRun(command: Command): Command {
  return command.option('--dry-run', 'only show the plan; nothing is changed')
}
