import { existsSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { hostLabel } from '../../../domain/host-label.ts'
import { checkoutOf, type Checkout } from './checkout.ts'
import { type Framework, recognise } from './frameworks.ts'
import { foldersUpTo, packageIn, packageManagerOf, type PackageManager, projectFile } from './package-file.ts'
import { projectNames } from './run-names.ts'
import { workspaceFolders } from './workspaces.ts'

export interface Service {
  /** Label, which names it among its siblings. */
  name: string
  folder: string
  argv: string[]
  /** Arguments can be added at the end of `argv`. */
  isOpen: boolean
  framework: Framework | null
  /** Names to be served under, best first; none for a program that only watches and builds. */
  names: string[]
}

export interface RunPlan {
  project: string
  /** Folder of its edgekeep.yaml; null: without one. */
  fileFolder: string | null
  branch: string | null
  services: Service[]
}

interface Wanted {
  /** Empty: the project's own. */
  command: string[]
  /** A label or a whole name. */
  name?: string
}

/**
 * Plans which servers to start in `folder`: the given command; else in the root of a monorepo each package
 * with a "dev" script; else the "dev" script; else what the folder's kind suggests.
 * @throws `run.no_command`
 */
export function planRun(folder: string, { command, name }: Wanted): RunPlan {
  const checkout = checkoutOf(folder)
  const place = { project: checkout.root, fileFolder: null, branch: checkout.branch }
  const root = workspaceRoot(folder, checkout)
  const own = projectNames(nameOf(root ?? folder), checkout, name)
  if (command.length === 0 && root === folder) {
    const services = workspaceServices(folder, checkout, own)
    if (services.length > 0) return { ...place, services }
  }
  const argv = command.length > 0 ? command : usualCommand(folder, checkout)
  const label = hostLabel(name?.split('.')[0] ?? nameOf(folder)) || 'app'
  // The root of a monorepo gives its name to its packages, unless a whole name was given.
  const below = root === null || root === folder || name !== undefined ? own : belowNames(label, own)
  return { ...place, services: [serviceOf(folder, { name: label, argv, names: below })] }
}

const nameOf = (folder: string) => packageIn(folder)?.name ?? basename(folder)

/** Names of a service of a project with these names. */
export function belowNames(label: string, own: string[]): string[] {
  return own.map((name) => `${label}.${name}`)
}

/** Service that a command starts; `line` is the command line, where `argv` hands it to a shell. */
export function serviceOf(
  folder: string,
  given: Pick<Service, 'name' | 'argv' | 'names'>,
  line = given.argv.join(' '),
): Service {
  const { framework, listens, isOpen } = recognise(scriptBehind(folder, given.argv) ?? line)
  const isWhole = line !== given.argv.join(' ')
  return { ...given, folder, framework, isOpen: isOpen && !isWhole, names: listens ? given.names : [] }
}

/** Text of the script that a package manager is asked to run; undefined for other commands. */
function scriptBehind(folder: string, argv: string[]): string | undefined {
  const [program = '', ...rest] = argv
  if (!/^(?:npm|pnpm|yarn|bun)$/.test(program)) return undefined
  const [script = ''] = rest[0] === 'run' || rest[0] === 'run-script' ? rest.slice(1) : rest
  return packageIn(folder)?.scripts.get(script)
}

/** The nearest folder above that lists `folder` in its workspaces, or has workspaces itself. */
function workspaceRoot(folder: string, { root }: Checkout): string | null {
  const found = foldersUpTo(root, folder).find((at) => {
    const packages = workspaceFolders(at)
    return at === folder ? packages.length > 0 : packages.includes(relative(at, folder))
  })
  return found ?? null
}

const mostServices = 200

function workspaceServices(root: string, checkout: Checkout, own: string[]): Service[] {
  const manager = packageManagerOf(checkout.root, root)
  return workspaceFolders(root)
    .slice(0, mostServices)
    .flatMap((path) => {
      const folder = join(root, path)
      const found = packageIn(folder)
      if (!found?.scripts.has('dev')) return []
      const name = hostLabel(found.name ?? basename(path)) || hostLabel(path)
      return [serviceOf(folder, { name, argv: [manager, 'run', 'dev'], names: belowNames(name, own) })]
    })
}

/** Files that tell the kind of a folder, and the command that its kind suggests. */
const kinds: [file: string, argv: string[]][] = [
  ['manage.py', ['python3', 'manage.py', 'runserver']],
  ['bin/rails', ['bin/rails', 'server']],
  ['artisan', ['php', 'artisan', 'serve']],
  ['mvnw', ['./mvnw', 'spring-boot:run']],
  ['gradlew', ['./gradlew', 'bootRun']],
  ['go.mod', ['go', 'run', '.']],
]

function usualCommand(folder: string, { root }: Checkout): string[] {
  if (packageIn(folder)?.scripts.has('dev')) return [packageManagerOf(root, folder), 'run', 'dev']
  const kind = kinds.find(([file]) => existsSync(join(folder, file)) && isThatKind(folder, file))
  if (kind) return kind[1]
  if (/\bFlask\(/.test(projectFile(join(folder, 'app.py')) ?? '')) return ['flask', 'run']
  throw new EdgekeepError('run.no_command', {})
}

/** Java's wrappers start any build; only Spring's has a development server. */
function isThatKind(folder: string, file: string): boolean {
  if (file !== 'mvnw' && file !== 'gradlew') return true
  const build = ['pom.xml', 'build.gradle', 'build.gradle.kts'].map((name) => projectFile(join(folder, name)))
  return build.some((text) => text?.includes('spring-boot') === true)
}

/** Command line of a service with the arguments that set its port. */
export function argvWithPort({ argv, framework, isOpen }: Service, port: number): string[] {
  const args = isOpen ? (framework?.args?.(port) ?? []) : []
  const [program] = argv
  const needsDashes = args.length > 0 && program === ('npm' satisfies PackageManager) && !argv.includes('--')
  return [...argv, ...(needsDashes ? ['--'] : []), ...args]
}
