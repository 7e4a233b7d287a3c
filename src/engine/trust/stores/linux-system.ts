import { existsSync, readFileSync } from 'node:fs'
import type { Obstacle } from '../../../contract/trust/trust.ts'
import { bundleHas, certificatesIn, nicknameOf, type TrustedRoot, type WantedRoots } from './roots.ts'
import {
  commandFor,
  familyOf,
  type LinuxFamily,
  programOf,
  type HostEnvironment,
  systemPath,
} from '../../../platform/commands/host-environment.ts'
import { debianKeepsJava, keepJava, noteJava, restoreJava, withoutLinks } from './debian-leftovers.ts'
import { quoted, writing } from '../../../platform/commands/shell.ts'
import { fileSentence, readingOf, type StoreReading, type TrustStore } from './store.ts'

interface Layout {
  name: string
  /** Folder for an administrator's roots, with the extension of their names. */
  anchors: string
  ending: string
  tool: 'update-ca-certificates' | 'update-ca-trust'
  command: string
  /** Generated bundle that programs read. */
  bundle: string
}

export const layouts: Record<Exclude<LinuxFamily, 'nixos' | 'other'>, Layout> = {
  debian: {
    name: 'Debian-based systems',
    anchors: '/usr/local/share/ca-certificates',
    ending: '.crt',
    tool: 'update-ca-certificates',
    command: 'update-ca-certificates',
    bundle: '/etc/ssl/certs/ca-certificates.crt',
  },
  alpine: {
    name: 'Alpine',
    anchors: '/usr/local/share/ca-certificates',
    ending: '.crt',
    tool: 'update-ca-certificates',
    command: 'update-ca-certificates',
    bundle: '/etc/ssl/certs/ca-certificates.crt',
  },
  fedora: {
    name: 'Fedora-based systems',
    anchors: '/etc/pki/ca-trust/source/anchors',
    ending: '.pem',
    tool: 'update-ca-trust',
    command: 'update-ca-trust extract',
    bundle: '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  },
  arch: {
    name: 'Arch Linux',
    anchors: '/etc/ca-certificates/trust-source/anchors',
    ending: '.crt',
    tool: 'update-ca-trust',
    command: 'update-ca-trust',
    bundle: '/etc/ssl/certs/ca-certificates.crt',
  },
  suse: {
    name: 'SUSE',
    anchors: '/etc/pki/trust/anchors',
    ending: '.pem',
    tool: 'update-ca-certificates',
    command: 'update-ca-certificates',
    bundle: '/var/lib/ca-certificates/ca-bundle.pem',
  },
}

const nixos =
  'NixOS builds its roots from its configuration, which no program should edit: add the file of "edgekeep authority export" to security.pki.certificateFiles and rebuild.'
const other =
  'How this Linux keeps its roots is not known here. Add the file of "edgekeep authority export" in its own way.'

/** System store, which curl, wget, git, OpenSSL, Python, Go and .NET read. */
export function linuxSystemStore(
  hostEnvironment: HostEnvironment,
  family: LinuxFamily = familyOf(hostEnvironment),
): TrustStore {
  const layout = family === 'nixos' || family === 'other' ? undefined : layouts[family]
  const nameOf = (root: TrustedRoot) => nicknameOf(root).toLowerCase().replace(' ', '-')
  const fileOf = (root: TrustedRoot) => `${layout?.anchors}/${nameOf(root)}${layout?.ending}`
  const base = { id: 'system', kind: 'system', title: 'the system’s certificates', elevated: true } as const

  async function read(wanted: WantedRoots): Promise<StoreReading> {
    if (!layout) return { state: 'unmanaged', sentence: family === 'nixos' ? nixos : other, present: [] }
    if (!existsSync(layout.bundle))
      return { state: 'unreadable', sentence: `${layout.bundle} is not there.`, present: [] }
    let bundle: string
    try {
      bundle = readFileSync(layout.bundle, 'latin1')
    } catch (error) {
      return { state: 'unreadable', sentence: fileSentence(error, layout.bundle), present: [] }
    }
    const trusted = wanted.ours
      .filter((root) => bundleHas(bundle, root))
      .map(({ fingerprint }) => fingerprint)
    return readingOf(wanted, { trusted, distrusted: [], others: [] })
  }

  async function obstacle(): Promise<Obstacle | null> {
    if (!layout) return { sentence: family === 'nixos' ? nixos : other, command: null }
    const found = programOf(withAdministratorsPath(hostEnvironment), layout.tool)
    if (found) return null
    return {
      sentence: `${layout.tool}, which builds the system’s certificates, is not installed.`,
      command: commandFor(layout.tool, hostEnvironment),
    }
  }

  function commands(action: 'install' | 'undo', { current, retired, ours }: WantedRoots): string {
    if (!layout) return ''
    const trusted = action === 'install' ? [current, ...retired] : []
    const gone = ours.filter((root) => !trusted.includes(root))
    const removed = gone.map((root) => `rm -f ${quoted(fileOf(root))}`)
    const written = trusted.map((root) => writing(fileOf(root), root.pem))
    const made = trusted.length > 0 ? [`mkdir -p ${layout.anchors}`] : []
    if (family !== 'debian') return [...removed, ...made, ...written, layout.command].join('\n')
    const names = gone.map(nameOf)
    const links = withoutLinks(names, layout.anchors)
    const java = debianKeepsJava()
    return action === 'install'
      ? [
          ...removed,
          ...links,
          ...made,
          ...written,
          ...(java ? [keepJava] : []),
          layout.command,
          ...(java ? [noteJava] : []),
        ].join('\n')
      : [...removed, ...links, layout.command, ...(java ? restoreJava(names) : [])].join('\n')
  }

  const refuse = () =>
    Promise.reject(new Error('The system’s certificates are changed by its administrator alone.'))
  return {
    ...base,
    location: layout?.bundle ?? '/etc',
    read,
    obstacle,
    change: (action) =>
      action === 'install'
        ? `Adds the local authority to the certificates of the whole system, for all its users (${layout?.name ?? 'unknown'}).`
        : 'Takes the local authority out of the certificates of the whole system.',
    commands,
    put: refuse,
    takeOut: refuse,
    files: () => [],
  }
}

/** On some systems the user's PATH lacks the folders of the administrator's tools. */
function withAdministratorsPath(hostEnvironment: HostEnvironment): HostEnvironment {
  const own = ['/usr/sbin', '/sbin'].map((folder) => systemPath(hostEnvironment, folder))
  return { ...hostEnvironment, env: { PATH: [hostEnvironment.env.PATH ?? '', ...own].join(':') } }
}

/** Contents of the first existing system bundle. */
export function systemBundle(): string | null {
  const places = [...Object.values(layouts).map(({ bundle }) => bundle), '/etc/ssl/cert.pem']
  for (const place of new Set(places)) {
    try {
      const found = certificatesIn(readFileSync(place, 'latin1'))
      if (found.length > 0) return found.join('')
    } catch (error) {
      if (!['ENOENT', 'EACCES', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    }
  }
  return null
}
