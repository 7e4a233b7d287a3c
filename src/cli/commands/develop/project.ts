import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { ListedProject } from '../../../contract/develop/projects.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { readableName } from '../../../contract/text/readable-name.ts'
import { visibleText } from '../../../contract/text/visible-text.ts'
import { confirm, type ErasureOptions, withYes } from '../../flags/confirmation.ts'
import type { Cli, Result, Session } from '../../frame/command.ts'
import { table } from '../../output/format.ts'

export function projectCommands(program: Command, cli: Cli): void {
  const project = program
    .command('project')
    .description('the projects that "edgekeep run" and "edgekeep up" serve')
  project
    .command('list', { isDefault: true })
    .description('List projects by folder, with their services and domains.')
    .addHelpText('after', '\nExample:\n  $ edgekeep project list')
    .action(cli.facts(list))
  withYes(project.command('forget [folder]'))
    .summary('forget a project: its consent and its domains')
    .description(
      'Forget the project of a folder (default: this one) that does not run: its commands are asked about again, and the domains that "edgekeep up" serves are removed with the certificates that only they use. Nothing in the folder changes.',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  $ edgekeep project forget\n  $ edgekeep project forget ~/code/shop --yes',
    )
    .action(cli.keys(forget))
}

async function list({ client }: Session): Promise<Result> {
  const projects = await client.projects.list()
  const rows = projects.map(({ name, folder, services, domains }) => [
    visibleText(name),
    services.map((each) => `${visibleText(each.name)}${each.run ? '' : ' (not running)'}`).join(', '),
    domains.map(readableName).join(', '),
    visibleText(folder),
  ])
  const text = table(
    ['PROJECT', 'SERVICES', 'DOMAINS', 'FOLDER'],
    rows,
    'No project yet. Begin with: edgekeep run',
  )
  return { data: { projects }, text }
}

async function forget({ client }: Session, given = '.', { yes }: ErasureOptions): Promise<Result> {
  const folder = resolve(given)
  const found = (await client.projects.list()).find((each) => each.folder === folder)
  if (!found) throw new EdgekeepError('project.not_found', { folder })
  if (!yes) await confirm(consequences(found))
  const { domains } = await client.projects.forget({ folder })
  const removed = domains.length > 0 ? ` Removed ${domains.map(readableName).join(', ')}.` : ''
  return { data: { folder, domains }, text: `Forgot ${visibleText(found.name)}.${removed}` }
}

function consequences({ name, folder, services, domains }: ListedProject): string {
  return [
    ...(services.length > 0 ? ['"edgekeep run" asks about its commands again.'] : []),
    ...(domains.length > 0
      ? [`${domains.map(readableName).join(', ')} and the certificates that only they use are removed.`]
      : []),
    `Forget ${visibleText(name)} in ${visibleText(folder)}?`,
  ].join(' ')
}
