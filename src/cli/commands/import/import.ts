import { type Flags, type OptionsOf, keys } from '../../frame/declare.ts'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { type ImportProgram, importPrograms } from '../../../contract/imports/imports.ts'
import { count } from '../../../contract/text/count.ts'
import type { ReadSetup } from '../../../import/read-setup.ts'
import { type Result, type Session, usageError } from '../../frame/command.ts'
import { asUploads } from '../../input/files.ts'
import { confirm, dryRunFlag, yesFlag } from '../../flags/confirmation.ts'
import { givenPassphrase, passwordFlag, passwordStdinFlag } from '../../input/passphrase.ts'
import { formatEffect, table } from '../../output/format.ts'
import { printError } from '../../output/output.ts'
import { issuingSuffixes } from '../../../domain/issuing-scope.ts'
import { failuresIn, formatImport, formatOutcome, withoutHttps } from './format-import.ts'

const importFlags = {
  ...yesFlag,
  ...dryRunFlag,
  '--from <program>': { about: 'program to read from', choices: importPrograms },
  '--undo': 'remove what the last import added',
  ...passwordFlag,
  ...passwordStdinFlag,
} as const satisfies Flags
type ImportOptions = OptionsOf<typeof importFlags>

export const importCommand = keys('import [path]', {
  summary: 'move in from another program',
  about:
    'Add the domains and certificates of another program, in one change, after showing what is taken over and what is not. Without --from: list what this computer has. Nothing of the other program is changed; domains that are in Edgekeep already stay as they are. Exit status: 0 if all HTTPS was taken over, 1 if some was not (the rest is added), 2 if nothing could be read.',
  flags: importFlags,
  examples: [
    'import',
    'import --from nginx --dry-run',
    'import --from certbot /etc/letsencrypt',
    'import --undo',
  ],
  run: importFrom,
})

async function importFrom(
  session: Session,
  path: string | undefined,
  options: ImportOptions,
): Promise<Result> {
  if (options.undo) return undo(session, options)
  if (!options.from) {
    if (path !== undefined) throw usageError('Name the program that the path belongs to: --from nginx.')
    return list()
  }
  const { importKinds, placeOf, readSetup } = await readers()
  const place = path === undefined ? placeOf(options.from) : resolve(path)
  if (place === undefined) throw new EdgekeepError('import.nothing_found', { source: options.from })
  if (!existsSync(place)) throw usageError(`There is no ${place}, or this user may not see it.`)
  using setup = await readSetup(importKinds[options.from], place)
  return await moveIn(session, { source: options.from, place, setup, options })
}

/** Loaded for this command alone: every command would pay for the parsers of a dozen programs. */
async function readers() {
  const [{ findSetups, placeOf }, { importKinds }, { readSetup }] = await Promise.all([
    import('../../../import/find-setups.ts'),
    import('../../../import/kinds.ts'),
    import('../../../import/read-setup.ts'),
  ])
  return { findSetups, placeOf, importKinds, readSetup }
}

interface MoveIn {
  source: ImportProgram
  place: string
  setup: ReadSetup
  options: ImportOptions
}

async function moveIn({ client }: Session, { source, place, setup, options }: MoveIn): Promise<Result> {
  const { anchors, notes } = setup
  const domains = Object.fromEntries(setup.domains)
  const files = asUploads(setup.open().map((file) => ({ ...file, name: file.path })))
  const passphrase = givenPassphrase(options)
  const input = { source, domains, files, passphrase }
  const plan = await client.imports.plan(input)
  const data = { source, path: place, plan, domains, anchors, notes, read: [...setup.read] }
  const text = formatImport({ source, place, plan, setup })
  const adds =
    plan.domains.some(({ outcome }) => outcome === 'add') ||
    plan.certificates.some(({ outcome }) => outcome === 'imported')
  const outcome = { plan, setup }
  const failed = failuresIn(plan) + withoutHttps(outcome).length
  const suffixes = issuingSuffixes(await client.authority.get())
  const no = failed > 0 ? new EdgekeepError('certificate.not_all_imported', { failed }) : undefined
  if (
    plan.domains.length === 0 &&
    plan.certificates.length === 0 &&
    notes.length === 0 &&
    anchors.length === 0
  )
    throw new EdgekeepError('import.nothing_found', { source })
  if (options.dryRun || !adds)
    return { data, text: `${text}\n${formatOutcome(outcome, suffixes, 'Would add')}`, no }
  if (!options.yes) {
    printError(text)
    await confirm('Import this?')
  }
  const { effect } = await client.imports.apply({ ...input, version: plan.version })
  const done = `${formatEffect(effect)} To take it back: edgekeep import --undo`
  // The plan was printed before the question.
  const lines = [...(options.yes ? [text] : []), formatOutcome(outcome, suffixes, 'Added'), done]
  return { data: { ...data, effect }, text: lines.join('\n'), no }
}

/** Programs with a setup at a known place. */
async function list(): Promise<Result> {
  const { findSetups } = await readers()
  const setups = await findSetups()
  const rows = setups.map(({ program, path, domains, files, notes, problem }) =>
    problem === null ? [program, path, `${domains}`, `${files}`, `${notes}`] : [program, path, problem],
  )
  const none =
    'No setup of another program was found at its usual place. Name one: edgekeep import --from nginx PATH'
  return {
    data: { setups },
    text: table(['PROGRAM', 'WHERE', 'DOMAINS', 'FILES', 'NOT TAKEN OVER'], rows, none),
  }
}

async function undo({ client }: Session, { yes }: ImportOptions): Promise<Result> {
  if (!yes)
    await confirm(
      'This removes the domains and certificates, with their keys, that the last import added. Remove them?',
    )
  const { effect, ...undone } = await client.imports.undo()
  const { source, domains, certificates, left } = undone
  const lines = [
    `Took back the import from ${source}: ${count(domains.length, 'domain')} and ${count(certificates.length, 'certificate')} removed.`,
    ...(left.length > 0 ? [`Changed or used since, so they stay: ${left.join(', ')}.`] : []),
    formatEffect(effect),
  ]
  return { data: { ...undone, effect }, text: lines.join('\n') }
}
