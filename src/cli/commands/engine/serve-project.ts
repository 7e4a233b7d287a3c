import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { configurationHeading } from '../../../contract/domains/configuration-heading.ts'
import type { ProjectPlan } from '../../../contract/develop/projects.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { readableName } from '../../../contract/text/readable-name.ts'
import { asEdgekeepError, type Client } from '../../../client/client.ts'
import { connectEngine } from '../../../engine-process/connect.ts'
import type { Home } from '../../../engine-process/home.ts'
import { acceptsWorse, confirm } from '../../flags/confirmation.ts'
import { formatDifference, worseProblems } from '../../output/format-differences.ts'
import { readFile } from '../../input/files.ts'
import { printError } from '../../output/output.ts'

const projectFileName = 'edgekeep.yaml'

interface ProjectOptions {
  yes?: boolean
  take?: boolean
}

/**
 * Serves the `edgekeep.yaml` in `folder`, if there is one, after showing what it changes. An exported
 * configuration of that name, which names no project, is left alone.
 * @throws the errors of the file, and `usage.wrong` if the answer is no or nobody can be asked
 */
export async function serveProject(home: Home, folder: string, options: ProjectOptions): Promise<void> {
  const path = join(folder, projectFileName)
  if (!existsSync(path)) return
  const text = Buffer.from(readFile(path).bytes).toString('utf8')
  if (text.startsWith(configurationHeading) && !/^["']?project["']?\s*:/m.test(text)) return
  const connection = await connectEngine(home)
  if (!connection) throw new EdgekeepError('edge.not_running', {})
  try {
    await apply(connection.client, { folder, text }, options)
  } catch (error) {
    throw error instanceof EdgekeepError ? error : asEdgekeepError(error)
  } finally {
    await connection.close()
  }
}

async function apply(
  { projects }: Client,
  file: { folder: string; text: string },
  { yes, take }: ProjectOptions,
): Promise<void> {
  const plan = await projects.plan(file)
  if (plan.isServed) return printError(`${plan.name}: nothing to change.`)
  printError(formatProject(plan))
  const isTaking = plan.taken.length > 0
  if (!yes)
    await confirm(isTaking ? 'Take these domains over, and make these changes?' : 'Make these changes?')
  const acceptWorse = await acceptsWorse(worseProblems(plan), {})
  // Without a person, "--yes" alone takes nothing over.
  await projects.apply({ ...file, version: plan.version, take: !yes || take === true, acceptWorse })
  printError(`Serving ${plan.domains.map(readableName).join(', ')}.`)
}

function formatProject({ name, differences, certificates, cautions, taken, dropped }: ProjectPlan): string {
  return [
    `${projectFileName} of ${name}:`,
    ...differences.map(formatDifference),
    ...certificates.map(
      ({ domain, redirect }) =>
        `+ ${readableName(domain)}: HTTPS with a certificate of the local authority${redirect === 'none' ? '' : `, redirect to ${redirect}`}`,
    ),
    ...cautions.map(({ domain, message }) => `! ${readableName(domain)}: ${message}`),
    ...taken.map(
      ({ domain, from }) =>
        `! ${readableName(domain)} is ${from === null ? 'a domain of yours' : `of the project in ${from}`}.`,
    ),
    ...dropped.map(
      (domain) =>
        `  ${readableName(domain)} is no longer in the file and stays; "edgekeep domain remove" removes it.`,
    ),
  ].join('\n')
}
