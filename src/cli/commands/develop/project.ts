import { facts, group, keys } from '../../frame/declare.ts'
import { resolve } from 'node:path'
import type { ListedProject } from '../../../contract/develop/projects.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { readableName } from '../../../contract/text/readable-name.ts'
import { visibleText } from '../../../contract/text/visible-text.ts'
import { confirm, type ErasureOptions, yesFlag } from '../../flags/confirmation.ts'
import type { Result, Session } from '../../frame/command.ts'
import { table } from '../../output/format.ts'

export const projectCommands = group('project', 'the projects that "edgekeep run" and "edgekeep up" serve', [
  facts('list', {
    isDefault: true,
    about: 'List projects by folder, with their services and domains.',
    examples: ['project list'],
    run: list,
  }),
  keys('forget [folder]', {
    summary: 'forget a project: its consent and its domains',
    about:
      'Forget the project of a folder (default: this one) that does not run: its commands are asked about again, and the domains that "edgekeep up" serves are removed with the certificates that only they use. Nothing in the folder changes.',
    flags: yesFlag,
    examples: ['project forget', 'project forget ~/code/shop --yes'],
    run: forget,
  }),
])

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
