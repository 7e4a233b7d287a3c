import type { ProjectServices } from '../../../contract/develop/projects.ts'
import type { Client } from '../../../client/client.ts'
import { readableName } from '../../../contract/text/readable-name.ts'
import { visibleText } from '../../../contract/text/visible-text.ts'
import { confirm } from '../../flags/confirmation.ts'
import { type ProjectFile, projectFileName } from '../../input/project-file.ts'
import { printError } from '../../output/output.ts'
import { checkoutOf } from './checkout.ts'
import { checkoutNames, projectNames } from './run-names.ts'
import { belowNames, type RunPlan, scriptBehind, type Service, serviceOf } from './run-plan.ts'

interface Wanted {
  /** Names of services; empty: all of them. */
  chosen: string[]
  /** A label or a whole name. */
  name?: string | undefined
  /** Trusts the commands without a question. */
  yes?: boolean | undefined
}

/**
 * Plans the services of a project file, once a person has agreed to their commands; null if the file has none,
 * or `chosen` is the command line of another program.
 * @throws the errors of the file, and `usage.wrong` if the answer is no or nobody can be asked
 */
export async function planFileServices(
  { projects }: Client,
  file: ProjectFile,
  { chosen, name, yes }: Wanted,
): Promise<RunPlan | null> {
  const found = await projects.services(file)
  const isNamed = (word: string) => found.services.some((service) => service.name === word)
  if (found.services.length === 0 || !chosen.every(isNamed)) return null
  const plan = planServices(file.folder, found, name)
  if (!found.isTrusted) {
    printError(formatServices(found, plan))
    if (!yes) await confirm('Run these commands, now and whenever they are the same?')
    await projects.trustServices(file)
  }
  const isChosen = (service: Service) => chosen.length === 0 || chosen.includes(service.name)
  return { ...plan, services: plan.services.filter(isChosen) }
}

/** Services as `edgekeep run` starts them; a domain of the file is that of the first checkout. */
export function planServices(
  folder: string,
  { name: project, services }: ProjectServices,
  name?: string,
): RunPlan {
  const checkout = checkoutOf(folder)
  const own = projectNames(project, checkout, name)
  const isAlone = services.length === 1
  return {
    project: checkout.root,
    fileFolder: folder,
    branch: checkout.branch,
    services: services.map((service) => {
      const argv = argvOf(service.command)
      const below = isAlone ? own : belowNames(service.name, own)
      const names = service.domain === null ? below : checkoutNames(service.domain, checkout)
      const line = argv.includes(service.command) ? service.command : argv.join(' ')
      return serviceOf(service.folder, { name: service.name, argv, names }, line)
    }),
  }
}

/** Words of a command line; one with more than plain words is for a shell, as a script of package.json is. */
function argvOf(command: string): string[] {
  const parts = command.split(' ').filter(Boolean)
  if (parts.every((part) => /^[\w@%+:,./-]+$/.test(part))) return parts
  return process.platform === 'win32' ? [command] : ['/bin/sh', '-c', command]
}

/** Longest part of a script that is shown: a stranger's could push the other commands out of sight. */
const mostShown = 1000

/** Question's text, in which each foreign text stays on its line. */
export function formatServices({ name, services }: ProjectServices, plan: RunPlan): string {
  const lines = plan.services.flatMap(({ folder, argv, names: [first] }, at) => {
    const script = scriptBehind(folder, argv)
    return [
      `  ${services[at]?.name}: ${services[at]?.command}`,
      ...(script === undefined ? [] : [`    script: ${startOf(script)}`]),
      `    in ${folder}${first === undefined ? '' : `, at https://${readableName(first)}`}`,
    ]
  })
  return [`${projectFileName} of ${name} wants to run programs as you:`, ...lines].map(visibleText).join('\n')
}

function startOf(script: string): string {
  const more = script.length - mostShown
  return more > 0 ? `${script.slice(0, mostShown)}… and ${more} more characters in package.json` : script
}
