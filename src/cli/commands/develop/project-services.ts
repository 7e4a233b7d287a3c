import type { ProjectServices } from '../../../contract/develop/projects.ts'
import type { Client } from '../../../client/client.ts'
import { readableName } from '../../../contract/text/readable-name.ts'
import { visibleText } from '../../../contract/text/visible-text.ts'
import { confirm } from '../../flags/confirmation.ts'
import { type ProjectFile, projectFileName } from '../../input/project-file.ts'
import { printError } from '../../output/output.ts'
import { checkoutOf } from './checkout.ts'
import { checkoutNames, projectNames } from './run-names.ts'
import { belowNames, type RunPlan, type Service, serviceOf } from './run-plan.ts'
import { digestOfScripts, type Script, scriptsBehind } from './scripts-behind.ts'

interface Wanted {
  /** Names of services; empty: all of them. */
  chosen: string[]
  /** A label or a whole name. */
  name?: string
  /** Trusts the commands without a question. */
  yes?: boolean
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
  const behind = scriptsOf(plan.project, found.services)
  const shown = { ...file, scripts: digestOfScripts(plan.project, behind.flat()) }
  const { isTrusted } = await projects.services(shown)
  if (!isTrusted) {
    printError(formatServices(found, plan, behind))
    if (!yes) await confirm('Run these commands, now and whenever they are the same?')
    await projects.trustServices(shown)
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

/** Scripts behind each service that are not behind one before it. */
export function scriptsOf(root: string, services: ProjectServices['services']): Script[][] {
  const seen = new Set<string>()
  return services.map(({ folder, command }) =>
    scriptsBehind(root, { folder, line: command }).filter((script) => {
      const place = `${script.folder}\0${script.name}`
      return !seen.has(place) && seen.add(place)
    }),
  )
}

/** Longest part of a script, and most scripts of a service, that are shown: more would hide the other commands. */
const mostShown = 1000
const mostScripts = 20

/** Question's text, in which each foreign text stays on its line. */
export function formatServices(
  { name, services }: ProjectServices,
  plan: RunPlan,
  behind: Script[][],
): string {
  const lines = plan.services.flatMap(({ folder, names: [first] }, at) => {
    const scripts = behind[at] ?? []
    const more = scripts.length - mostScripts
    return [
      `  ${services[at]?.name}: ${services[at]?.command}`,
      ...scripts.slice(0, mostScripts).map((script) => `    ${formatScript(script, folder)}`),
      ...(more > 0 ? [`    and ${more} more scripts of package.json`] : []),
      `    in ${folder}${first === undefined ? '' : `, at https://${readableName(first)}`}`,
    ]
  })
  return [`${projectFileName} of ${name} wants to run programs as you:`, ...lines].map(visibleText).join('\n')
}

function formatScript({ folder, name, text }: Script, from: string): string {
  const place = folder === from ? '' : ` of ${folder}`
  const more = text.length - mostShown
  const shown = more > 0 ? `${text.slice(0, mostShown)}… and ${more} more characters in package.json` : text
  return `script ${name}${place}: ${shown}`
}
