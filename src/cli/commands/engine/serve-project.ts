import type { ProjectPlan } from '../../../contract/develop/projects.ts'
import { readableName } from '../../../contract/text/readable-name.ts'
import type { Client } from '../../../client/client.ts'
import type { Home } from '../../../engine-process/home.ts'
import { confirmCertificates, problemSentences } from '../../flags/confirmation.ts'
import { formatDifference, worseProblems } from '../../output/format-differences.ts'
import { type ProjectFile, projectFileName, readProjectFile } from '../../input/project-file.ts'
import { printError } from '../../output/output.ts'
import { onEngine } from './foreground.ts'

interface ProjectOptions {
  yes?: boolean
  take?: boolean
}

/**
 * Serves the `edgekeep.yaml` in `folder`, if there is one, after showing what it changes.
 * @throws the errors of the file, and `usage.wrong` if the answer is no or nobody can be asked
 */
export async function serveProject(home: Home, folder: string, options: ProjectOptions): Promise<void> {
  const file = readProjectFile(folder)
  if (file) await onEngine(home, (client) => apply(client, file, options))
}

async function apply({ projects }: Client, file: ProjectFile, { yes, take }: ProjectOptions): Promise<void> {
  const plan = await projects.plan(file)
  if (plan.services.length > 0)
    printError(`${plan.name}: "edgekeep run" starts its services (${plan.services.join(', ')}).`)
  if (plan.isServed) return printError(`${plan.name}: nothing to change.`)
  printError(formatProject(plan))
  const isTaking = plan.taken.length > 0
  const problems = worseProblems(plan)
  const acceptWorse = await confirmCertificates({
    sentences: problemSentences(problems),
    question: isTaking ? 'Take these domains over, and make these changes?' : 'Make these changes?',
    isAgreed: yes ?? false,
    problems,
  })
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
