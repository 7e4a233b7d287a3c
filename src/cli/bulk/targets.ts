import type { Command } from 'commander'
import { type Cli, type Result, type Session, usageError } from '../frame/command.ts'
import { readNameList, type ListedRow } from '../input/name-list.ts'

export interface TargetOptions {
  file?: string
  tag?: string
  all?: boolean
  dryRun?: boolean
  yes?: boolean
}

const choosing = [
  ['--tag <tag>', 'all with this tag'],
  ['--all', 'all that there are'],
] as const

const listing = [
  ['--file <file>', 'read the names from a file: one a line, or CSV with a header ("-": standard input)'],
] as const

const changing = [
  ['--dry-run', 'only show the plan; nothing is changed'],
  ['--yes', 'do not ask for confirmation'],
] as const

/** Options of the commands that act on many; those that it has already are left as they are. */
export function withTargets(command: Command, { chooses = true, changes = true } = {}): Command {
  const known = new Set(command.options.map(({ flags }) => flags))
  for (const [flags, text] of [...listing, ...(chooses ? choosing : []), ...(changes ? changing : [])])
    if (!known.has(flags)) command.option(flags, text)
  return command
}

/** Action for one name, or for many with a result by row; a dry run shows a plan by row. */
export function oneOrMany<O extends TargetOptions>(
  cli: Cli,
  one: (session: Session, name: string, options: O) => Promise<Result>,
  many: (session: Session, names: readonly string[], options: O) => Promise<Result>,
): (names: string[], options: O) => Promise<void> {
  return cli.keys((session, names, options) =>
    isForMany(names, options) || options.dryRun
      ? many(session, names, options)
      : one(session, names[0] ?? '', options),
  )
}

/** Whether a command is to act on many: its results are then by row. */
export function isForMany(names: readonly string[], { file, tag, all }: TargetOptions): boolean {
  return names.length !== 1 || names[0] === '-' || file !== undefined || tag !== undefined || all === true
}

/**
 * Rows that were named by hand or in a list; null for `--all` and `--tag`, which choose among all.
 * @throws `usage.wrong` for none of them or several, and the errors of a list
 */
export async function givenRows(
  names: readonly string[],
  { file, tag, all }: TargetOptions,
): Promise<ListedRow[] | null> {
  const ways = [names.length > 0, file !== undefined, tag !== undefined, all === true].filter(Boolean)
  if (ways.length !== 1)
    throw usageError('Give names, --file FILE ("-" reads standard input), --tag TAG or --all.')
  if (file !== undefined) return readNameList(file)
  if (names.length === 1 && names[0] === '-') return readNameList('-')
  if (names.length > 0) return [...new Set(names)].map((name) => ({ name }))
  return null
}
