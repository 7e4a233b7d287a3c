import { dryRunFlag, yesFlag } from '../flags/confirmation.ts'
import { type Result, type Session, usageError } from '../frame/command.ts'
import type { OptionsOf } from '../frame/declare.ts'
import { readNameList, type ListedRow } from '../input/name-list.ts'

const choosing = { '--tag <tag>': 'all with this tag', '--all': 'all that there are' } as const
const listing = {
  '--file <file>': 'read the names from a file: one a line, or CSV with a header ("-": standard input)',
} as const
const changing = { ...dryRunFlag, ...yesFlag }
type TargetFlags = typeof listing & typeof choosing & typeof changing
export type TargetOptions = OptionsOf<TargetFlags>

export function targetFlags({ chooses = true, changes = true } = {}): TargetFlags {
  return { ...listing, ...(chooses && choosing), ...(changes && changing) } as TargetFlags
}

/** Action for one name, or for many with a result by row; a dry run shows a plan by row. */
export function oneOrMany<O extends TargetOptions>(
  one: (session: Session, name: string, options: O) => Promise<Result>,
  many: (session: Session, names: readonly string[], options: O) => Promise<Result>,
): (session: Session, names: string[], options: O) => Promise<Result> {
  return (session, names, options) =>
    isForMany(names, options) || options.dryRun
      ? many(session, names, options)
      : one(session, names[0] ?? '', options)
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
