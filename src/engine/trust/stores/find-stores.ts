import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import {
  isExecutable,
  programOf,
  systemPath,
  type HostEnvironment,
} from '../../../platform/commands/host-environment.ts'
import { bundleStore } from './bundle.ts'
import { javaStore, type Jdk } from './java.ts'
import { debianCacerts, debianKeepsJava } from './debian-leftovers.ts'
import { linuxSystemStore } from './linux-system.ts'
import { containersStore } from './containers.ts'
import { devCertsFolder, devCertsStore, dotnetRootStore, isDevCertsFolderRead } from './dotnet.ts'
import { enterpriseRoots, readsNoSystemRoots } from './enterprise-roots.ts'
import { firefoxPolicyStore } from './firefox-policy.ts'
import { keychainStore } from './keychain.ts'
import { nssStore, type NssOptions } from './nss.ts'
import { windowsStore } from './windows.ts'
import { findWindowsHost, type WindowsHost } from './windows-host.ts'
import type { TrustStore } from './store.ts'

export type FoundStores = ReturnType<typeof findStores>

export function findStores(hostEnvironment: HostEnvironment) {
  const { platform } = hostEnvironment
  const made = new Map<string, TrustStore>()
  const keep = (store: TrustStore): TrustStore => {
    const known = made.get(store.id)
    if (!known) made.set(store.id, store)
    return known ?? store
  }
  const system = systemStores(hostEnvironment).map(keep)
  keep(bundleStore(hostEnvironment))
  const windows = findWindowsHost(hostEnvironment)
  const beside = platform === 'linux' && windows ? windowsStores(windows).map(keep) : []
  const dotnet = dotnetStores(hostEnvironment).map(keep)
  const firefoxStore = (options: NssOptions): TrustStore => {
    if (platform === 'linux') return keep(nssStore(hostEnvironment, options))
    const [own] = system
    return own && !readsNoSystemRoots(options.folder) ? own : keep(enterpriseRoots(options))
  }
  const firefox = firefoxProfiles(hostEnvironment).map(({ folder, root, name }) => {
    const title = `Firefox’s profile "${name}"`
    const options = {
      id: `firefox:${folder}`,
      kind: 'firefox',
      title,
      folder,
      refusesWhileOpen: true,
    } as const
    return { store: firefoxStore(options), folder, root, name }
  })
  // A hook keeps Debian's packaged JDKs in step with the system's certificates.
  const java = jdksOf(hostEnvironment).map((jdk) => ({
    store:
      platform === 'linux' && jdk.cacerts === debianCacerts && debianKeepsJava() && system[0]
        ? system[0]
        : keep(javaStore(hostEnvironment, jdk)),
    jdk,
  }))
  return {
    get stores() {
      return [...made.values()]
    },
    /** NSS database of the browser that has its files in this folder of HOME. */
    nssOf(place: string) {
      const folder = nssFolder(join(hostEnvironment.home, place))
      const title =
        place === ''
          ? 'the certificates that Chromium-based browsers share'
          : `the certificates in ~/${place}`
      return keep(
        nssStore(hostEnvironment, {
          id: `nss:${folder}`,
          kind: 'nss',
          title,
          folder,
          refusesWhileOpen: false,
        }),
      )
    },
    /** Its own database on Linux; elsewhere the system's store, unless the profile disables it. */
    firefox,
    java,
    /** Stores of the system, the user's own first. */
    system,
    /** Stores of the Windows beside this WSL. */
    beside,
    /** Stores of .NET on Linux. */
    dotnet,
    containers: () => keep(containersStore(hostEnvironment)),
    /** Policy of all Firefoxes on Linux; `program` is the installed one. */
    firefoxPolicy: (program: string | undefined) => keep(firefoxPolicyStore(hostEnvironment, { program })),
  }
}

/** Stores of the system, the user's own first. */
function systemStores(hostEnvironment: HostEnvironment): TrustStore[] {
  const windows = hostEnvironment.platform === 'win32' ? findWindowsHost(hostEnvironment) : undefined
  if (windows) return windowsStores(windows)
  return hostEnvironment.platform === 'darwin'
    ? [keychainStore(hostEnvironment, 'login'), keychainStore(hostEnvironment, 'system')]
    : [linuxSystemStore(hostEnvironment)]
}

function windowsStores(side: WindowsHost): TrustStore[] {
  return [windowsStore(side, 'user'), windowsStore(side, 'machine')]
}

/** .NET reads the system's store on macOS and Windows. The OpenSSL folder changes only if it is in use. */
function dotnetStores(hostEnvironment: HostEnvironment): TrustStore[] {
  if (hostEnvironment.platform !== 'linux' || !programOf(hostEnvironment, 'dotnet')) return []
  const isFolderUsed = existsSync(devCertsFolder(hostEnvironment)) || isDevCertsFolderRead(hostEnvironment)
  return [dotnetRootStore(hostEnvironment), ...(isFolderUsed ? [devCertsStore(hostEnvironment)] : [])]
}

/**
 * Chromium since M146 reads `.local/share/pki/nssdb` unless `.pki/nssdb` exists; all versions read the
 * latter, so that one is created if neither exists. Links are followed.
 */
function nssFolder(home: string): string {
  const old = join(home, '.pki', 'nssdb')
  const young = join(home, '.local', 'share', 'pki', 'nssdb')
  const chosen = !existsSync(old) && existsSync(young) ? young : old
  return existsSync(chosen) ? realpathSync(chosen) : chosen
}

/** Profile folders of Firefox as package, snap or flatpak; newer ones below ~/.config. */
const firefoxRoots = [
  '.mozilla/firefox',
  '.config/mozilla/firefox',
  'snap/firefox/common/.mozilla/firefox',
  'snap/firefox/common/.config/mozilla/firefox',
  '.var/app/org.mozilla.firefox/.mozilla/firefox',
  '.var/app/org.mozilla.firefox/config/mozilla/firefox',
  // macOS, and Windows' APPDATA.
  'Library/Application Support/Firefox',
  'AppData/Roaming/Mozilla/Firefox',
]

function firefoxProfiles({ home }: HostEnvironment): { folder: string; root: string; name: string }[] {
  return firefoxRoots.flatMap((root) => {
    const base = join(home, root)
    const ini = join(base, 'profiles.ini')
    if (!existsSync(ini)) return []
    return profilesIn(readFileSync(ini, 'utf8')).flatMap(({ path, relative, name }) => {
      const folder = relative || !isAbsolute(path) ? join(base, path) : path
      return existsSync(folder) && statSync(folder).isDirectory()
        ? [{ folder: realpathSync(folder), root, name }]
        : []
    })
  })
}

/** Parses sections `[Profile0]` with Name, Path and IsRelative. */
export function profilesIn(ini: string): { path: string; relative: boolean; name: string }[] {
  const sections = ini.split('\n[').filter((each) => each.replace('[', '').startsWith('Profile'))
  return sections.flatMap((section) => {
    const value = (key: string) =>
      section
        .split('\n')
        .map((line) => line.trim())
        .find((line) => line.startsWith(`${key}=`))
        ?.slice(key.length + 1)
    const path = value('Path')
    return path ? [{ path, relative: value('IsRelative') !== '0', name: value('Name') ?? path }] : []
  })
}

const jdkFolders = ['/usr/lib/jvm', '/usr/java', '/opt/java', '/Library/Java/JavaVirtualMachines']
const jdkFoldersOfHome = [
  '.sdkman/candidates/java',
  '.jdks',
  '.local/share/mise/installs/java',
  '.asdf/installs/java',
]

/** Every JDK or JRE once, without a dangling JAVA_HOME. */
function jdksOf(hostEnvironment: HostEnvironment): Jdk[] {
  const { home, env } = hostEnvironment
  const folders = [
    ...jdkFolders.map((each) => systemPath(hostEnvironment, each)),
    ...jdkFoldersOfHome.map((each) => join(home, each)),
  ]
  const below = folders
    .filter(existsSync)
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    // On macOS a JDK is a bundle.
    .map((place) => (existsSync(join(place, 'Contents/Home')) ? join(place, 'Contents/Home') : place))
  const onPath = programOf(hostEnvironment, 'java')
  const ofPath = onPath ? [join(realpathSync(onPath), '..', '..')] : []
  const homes = [env.JAVA_HOME ?? '', ...ofPath, ...below].filter((each) => each !== '')
  const found = new Map<string, Jdk>()
  for (const each of homes) {
    const jdk = jdkAt(each)
    if (jdk) found.set(jdk.home, jdk)
  }
  return [...found.values()]
}

function jdkAt(place: string): Jdk | undefined {
  if (!existsSync(place)) return undefined
  const home = realpathSync(place)
  const [keytool, java] = ['keytool', 'java'].map((name) => join(home, 'bin', name)) as [string, string]
  const link = ['lib/security/cacerts', 'jre/lib/security/cacerts']
    .map((each) => join(home, each))
    .find(existsSync)
  if (!link || !isExecutable(keytool) || !isExecutable(java)) return undefined
  return { home, keytool, cacerts: realpathSync(link) }
}
