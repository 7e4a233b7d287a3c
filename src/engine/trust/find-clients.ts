import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import type { TrustClient } from '../../contract/trust.ts'
import type { FoundStores } from './find-stores.ts'
import { isExecutable, programOf, type Surroundings } from './surroundings.ts'

/** How a client is run to prove that it trusts; `none` where it is not. */
export type ClientRun =
  'chromium' | 'firefox' | 'curl' | 'wget' | 'git' | 'openssl' | 'python' | 'node' | 'java' | 'none'

export interface FoundClient {
  id: string
  kind: TrustClient['kind']
  name: string
  path: string
  /** Ids of stores; any will do, the best first. */
  stores: string[]
  run: ClientRun
  /** The folder of the profile, for a Firefox. */
  profile?: string
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

/** These read the system's certificates, or those that a variable of `edgekeep trust env` names. */
const toolPrograms: [program: string, name: string, kind: TrustClient['kind'], run: ClientRun][] = [
  ['curl', 'curl', 'tool', 'curl'],
  ['wget', 'wget', 'tool', 'wget'],
  ['git', 'git', 'tool', 'git'],
  ['openssl', 'OpenSSL', 'tool', 'openssl'],
  ['python3', 'Python', 'runtime', 'python'],
  ['go', 'Go', 'runtime', 'none'],
  ['dotnet', '.NET', 'runtime', 'none'],
  ['cargo', 'Cargo', 'tool', 'none'],
  ['deno', 'Deno', 'runtime', 'none'],
]

/** One row for each client that is on this computer. */
export function findClients(surroundings: Surroundings, found: FoundStores): FoundClient[] {
  return [
    ...chromiums(surroundings, found),
    ...firefoxes(surroundings, found),
    ...tools(surroundings),
    ...nodes(surroundings),
    ...javas(found),
  ]
}

/** Those that are not kept in a container, which may not read what is put beside them. */
export function packagedChromiums(surroundings: Surroundings): { name: string; path: string }[] {
  return chromiumPrograms.flatMap(([program, name]) => {
    const path = programOf(surroundings, program)
    return path && !realpathSync(path).includes('/snap') ? [{ name, path }] : []
  })
}

export function packagedFirefox(surroundings: Surroundings): string | undefined {
  const found = ['firefox', 'firefox-esr'].map((name) => programOf(surroundings, name)).find((path) => path)
  return found && !realpathSync(found).includes('/snap') ? found : undefined
}

function chromiums(surroundings: Surroundings, { nssOf }: FoundStores): FoundClient[] {
  const packaged = packagedChromiums(surroundings).map(({ name, path }): FoundClient => ({
    id: `chromium:${path}`,
    kind: 'browser',
    name,
    path,
    stores: [nssOf('').id],
    run: 'chromium',
  }))
  const contained = containedChromiums.flatMap(([program, folder, name]): FoundClient[] => {
    if (!existsSync(join(surroundings.home, folder))) return []
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

function firefoxes(surroundings: Surroundings, { firefox }: FoundStores): FoundClient[] {
  const program = packagedFirefox(surroundings)
  return firefox.map(({ store, root, name }): FoundClient => {
    const contained = root.startsWith('snap/') ? ' (snap)' : root.startsWith('.var/') ? ' (flatpak)' : ''
    const path = contained ? store.location : (program ?? store.location)
    return {
      id: store.id,
      kind: 'browser',
      name: `Firefox${contained}, profile ${name}`,
      path,
      stores: [store.id],
      run: contained || !program ? 'none' : 'firefox',
      profile: store.location,
    }
  })
}

function tools(surroundings: Surroundings): FoundClient[] {
  return toolPrograms.flatMap(([program, name, kind, run]): FoundClient[] => {
    const path = programOf(surroundings, program)
    return path ? [{ id: `${program}:${path}`, kind, name, path, stores: ['system', 'bundle'], run }] : []
  })
}

/** Node has roots of its own and reads a file that NODE_EXTRA_CA_CERTS names beside them. */
function nodes(surroundings: Surroundings): FoundClient[] {
  const nvm = join(surroundings.home, '.nvm', 'versions', 'node')
  const versions = existsSync(nvm) ? readdirSync(nvm) : []
  const places = [
    ['Node', programOf(surroundings, 'node')],
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
