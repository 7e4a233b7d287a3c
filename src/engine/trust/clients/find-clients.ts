import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { TrustClient } from '../../../contract/trust/trust.ts'
import type { FoundStores } from '../stores/find-stores.ts'
import { browsersOfSystem } from './browsers-of-system.ts'
import { containerPrograms } from '../stores/containers.ts'
import { devCertsId, isDevCertsFolderRead } from '../stores/dotnet.ts'
import type { TrustStore } from '../stores/store.ts'
import {
  isExecutable,
  programOf,
  systemPath,
  type HostEnvironment,
} from '../../../platform/commands/host-environment.ts'

/** Program for a probe; `none` for clients that cannot be run. */
export type ClientRun =
  | 'chromium'
  | 'firefox'
  | 'curl'
  | 'wget'
  | 'git'
  | 'openssl'
  | 'python'
  | 'requests'
  | 'node'
  | 'java'
  | 'go'
  | 'cargo'
  | 'deno'
  | 'none'

export interface FoundClient {
  id: string
  kind: TrustClient['kind']
  name: string
  path: string
  /** Ids of alternative stores, best first. */
  stores: string[]
  run: ClientRun
  /** Profile folder of a Firefox. */
  profile?: string
  /** Changed only on request by name. */
  optional?: boolean
}

const chromiumPrograms: [program: string, name: string][] = [
  ['chromium', 'Chromium'],
  ['chromium-browser', 'Chromium'],
  ['google-chrome', 'Google Chrome'],
  ['microsoft-edge', 'Microsoft Edge'],
  ['brave-browser', 'Brave'],
  ['vivaldi', 'Vivaldi'],
]
const containedChromiums: [program: string, folder: string, name: string][] = [
  ['/snap/bin/chromium', 'snap/chromium/current', 'Chromium (snap)'],
  ['/snap/bin/brave', 'snap/brave/current', 'Brave (snap)'],
  ['org.chromium.Chromium', '.var/app/org.chromium.Chromium', 'Chromium (flatpak)'],
  ['com.google.Chrome', '.var/app/com.google.Chrome', 'Google Chrome (flatpak)'],
  ['com.brave.Browser', '.var/app/com.brave.Browser', 'Brave (flatpak)'],
  ['com.microsoft.Edge', '.var/app/com.microsoft.Edge', 'Microsoft Edge (flatpak)'],
]

interface ToolProgram {
  program: string
  name: string
  kind: TrustClient['kind']
  run: ClientRun
  /** Platforms on which it reads the system's roots; elsewhere only the variable of `edgekeep trust env`. */
  readsSystem: NodeJS.Platform[]
}

const everywhere: NodeJS.Platform[] = ['linux', 'darwin', 'win32']
/** curl, git and Python of macOS and Windows as shipped by the system or their makers. */
const toolPrograms: ToolProgram[] = [
  { program: 'curl', name: 'curl', kind: 'tool', run: 'curl', readsSystem: everywhere },
  { program: 'wget', name: 'wget', kind: 'tool', run: 'wget', readsSystem: ['linux'] },
  { program: 'git', name: 'git', kind: 'tool', run: 'git', readsSystem: ['linux', 'darwin'] },
  { program: 'openssl', name: 'OpenSSL', kind: 'tool', run: 'openssl', readsSystem: ['linux'] },
  { program: 'python3', name: 'Python', kind: 'runtime', run: 'python', readsSystem: ['linux', 'win32'] },
  { program: 'go', name: 'Go', kind: 'runtime', run: 'go', readsSystem: everywhere },
  { program: 'dotnet', name: '.NET', kind: 'runtime', run: 'none', readsSystem: everywhere },
  { program: 'cargo', name: 'Cargo', kind: 'tool', run: 'cargo', readsSystem: ['linux', 'win32'] },
  { program: 'deno', name: 'Deno', kind: 'runtime', run: 'deno', readsSystem: [] },
]

export function findClients(hostEnvironment: HostEnvironment, found: FoundStores): FoundClient[] {
  return [
    ...browsers(hostEnvironment, found),
    ...firefoxes(hostEnvironment, found),
    ...tools(hostEnvironment, found),
    ...requests(hostEnvironment, found),
    ...nodes(hostEnvironment),
    ...javas(found),
    ...besides(found),
    ...everyFirefox(hostEnvironment, found),
    ...containers(hostEnvironment, found),
  ]
}

/** Chromiums outside of containers: a snap cannot read files placed beside it. */
export function packagedChromiums(hostEnvironment: HostEnvironment): { name: string; path: string }[] {
  return chromiumPrograms.flatMap(([program, name]) => {
    const path = programOf(hostEnvironment, program)
    return path && !realpathSync(path).includes('/snap') ? [{ name, path }] : []
  })
}

export function packagedFirefox(hostEnvironment: HostEnvironment): string | undefined {
  const found = ['firefox', 'firefox-esr']
    .map((name) => programOf(hostEnvironment, name))
    .find((path) => path)
  return found && !realpathSync(found).includes('/snap') ? found : undefined
}

/** On macOS and Windows every browser here reads the system's roots. */
function browsers(hostEnvironment: HostEnvironment, found: FoundStores): FoundClient[] {
  if (hostEnvironment.platform === 'linux') return chromiums(hostEnvironment, found)
  return browsersOfSystem(hostEnvironment).map(({ name, path }) => ({
    id: `browser:${path}`,
    kind: 'browser',
    name,
    path,
    stores: found.system.map(({ id }) => id),
    run: 'none',
  }))
}

function chromiums(hostEnvironment: HostEnvironment, { nssOf }: FoundStores): FoundClient[] {
  const packaged = packagedChromiums(hostEnvironment).map(({ name, path }): FoundClient => ({
    id: `chromium:${path}`,
    kind: 'browser',
    name,
    path,
    stores: [nssOf('').id],
    run: 'chromium',
  }))
  const contained = containedChromiums.flatMap(([program, folder, name]): FoundClient[] => {
    if (!existsSync(join(hostEnvironment.home, folder))) return []
    return [
      {
        id: `chromium:${program}`,
        kind: 'browser',
        name,
        path: program,
        stores: [nssOf(folder).id],
        run: 'none',
      },
    ]
  })
  return [...packaged, ...contained]
}

function firefoxes(hostEnvironment: HostEnvironment, { firefox, system }: FoundStores): FoundClient[] {
  const program = packagedFirefox(hostEnvironment)
  return firefox.map(({ store, folder, root, name }): FoundClient => {
    const contained = root.startsWith('snap/') ? ' (snap)' : root.startsWith('.var/') ? ' (flatpak)' : ''
    const path = contained ? folder : (program ?? folder)
    return {
      id: `firefox:${folder}`,
      kind: 'browser',
      name: `Firefox${contained}, profile ${name}`,
      path,
      stores: store === system[0] ? system.map(({ id }) => id) : [store.id],
      run: contained || !program ? 'none' : 'firefox',
      profile: folder,
    }
  })
}

function tools(hostEnvironment: HostEnvironment, { system, dotnet }: FoundStores): FoundClient[] {
  const idsOf = (stores: TrustStore[]) => stores.map(({ id }) => id)
  const isFolderRead = isDevCertsFolderRead(hostEnvironment)
  return toolPrograms.flatMap(({ program, name, kind, run, readsSystem }): FoundClient[] => {
    const path = programOf(hostEnvironment, program)
    if (!path) return []
    const own = idsOf(dotnet.filter(({ id }) => program === 'dotnet' || (isFolderRead && id === devCertsId)))
    const readsIt =
      readsSystem.includes(hostEnvironment.platform) ||
      (program === 'deno' && readsSystemInDeno(hostEnvironment))
    const systems = readsIt ? idsOf(system) : []
    return [{ id: `${program}:${path}`, kind, name, path, stores: [...systems, ...own, 'bundle'], run }]
  })
}

/** Deno has its own roots, unless this variable adds or substitutes others. */
function readsSystemInDeno({ env }: HostEnvironment): boolean {
  return (env.DENO_TLS_CA_STORE ?? '').split(',').some((each) => each.trim() === 'system')
}

/** Rows for the other users of this computer and the Windows beside a WSL. */
function besides({ system, beside }: FoundStores): FoundClient[] {
  const client = (store: TrustStore, name: string, optional: boolean): FoundClient => ({
    id: `reader:${store.id}`,
    kind: 'system',
    name,
    path: store.location,
    stores: [store.id],
    run: 'none',
    optional,
  })
  return [
    ...system.filter(({ isWide }) => isWide).map((store) => client(store, 'Other users and services', true)),
    ...beside.map((store) =>
      store.isWide
        ? client(store, 'Other users and services of Windows', true)
        : client(store, 'Windows, beside this WSL', false),
    ),
  ]
}

/** Optional row: an install by default changes the database of each profile instead. */
function everyFirefox(
  hostEnvironment: HostEnvironment,
  { firefox, firefoxPolicy }: FoundStores,
): FoundClient[] {
  if (hostEnvironment.platform !== 'linux') return []
  const program = packagedFirefox(hostEnvironment)
  if (!program && firefox.length === 0) return []
  const store = firefoxPolicy(program)
  return [
    {
      id: `reader:${store.id}`,
      kind: 'system',
      name: 'Every Firefox, by policy',
      path: store.location,
      stores: [store.id],
      run: 'none',
      optional: true,
    },
  ]
}

function containers(hostEnvironment: HostEnvironment, found: FoundStores): FoundClient[] {
  return containerPrograms.flatMap((program): FoundClient[] => {
    const path = programOf(hostEnvironment, program)
    const name = `Containers of ${program}`
    if (!path) return []
    return [
      {
        id: `container:${path}`,
        kind: 'system',
        name,
        path,
        stores: [found.containers().id],
        run: 'none',
        optional: true,
      },
    ]
  })
}

/**
 * Python's requests reads certifi's roots, or the file in a variable. Debian's package, in a folder of the
 * system, makes certifi read the system's roots.
 */
function requests(hostEnvironment: HostEnvironment, { system }: FoundStores): FoundClient[] {
  const python = programOf(hostEnvironment, 'python3')
  if (!python) return []
  const ofDebian = systemPath(hostEnvironment, '/usr/lib/python3/dist-packages')
  const places = [python, realpathSync(python)]
  const isSystems = places.some((each) => dirname(each) === systemPath(hostEnvironment, '/usr/bin'))
  const folders = places.flatMap((each) => sitePackagesBy(join(dirname(each), '..', 'lib')))
  const found = [...folders, ...(isSystems ? [ofDebian] : [])].find((folder) =>
    existsSync(join(folder, 'requests', '__init__.py')),
  )
  if (found === undefined) return []
  const systems = found === ofDebian ? system.map(({ id }) => id) : []
  return [
    {
      id: `requests:${python}`,
      kind: 'runtime',
      name: 'Python’s requests',
      path: python,
      stores: [...systems, 'bundle'],
      run: 'requests',
    },
  ]
}

function sitePackagesBy(folder: string): string[] {
  if (!existsSync(folder)) return []
  const versions = readdirSync(folder).filter((name) => /^python3\.\d+$/.test(name))
  return versions.map((name) => join(folder, name, 'site-packages'))
}

/** Node has its own roots and reads a file in NODE_EXTRA_CA_CERTS besides them. */
function nodes(hostEnvironment: HostEnvironment): FoundClient[] {
  const nvm = join(hostEnvironment.home, '.nvm', 'versions', 'node')
  const versions = existsSync(nvm) ? readdirSync(nvm) : []
  const places = [
    ['Node', programOf(hostEnvironment, 'node')],
    ['Node that Edgekeep runs on', process.execPath],
    ...versions.map((version) => [`Node ${version} (nvm)`, join(nvm, version, 'bin', 'node')]),
  ] as [string, string | undefined][]
  const seen = new Set<string>()
  return places.flatMap(([name, path]): FoundClient[] => {
    if (!path || seen.has(path) || !isExecutable(path)) return []
    seen.add(path)
    return [{ id: `node:${path}`, kind: 'runtime', name, path, stores: ['bundle'], run: 'node' }]
  })
}

function javas({ java }: FoundStores): FoundClient[] {
  return java.map(({ store, jdk }) => ({
    id: `java:${jdk.home}`,
    kind: 'runtime',
    name: `Java (${jdk.home.split('/').at(-1)})`,
    path: join(jdk.home, 'bin', 'java'),
    stores: [store.id],
    run: 'java',
  }))
}
