import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import tls from 'node:tls'
import { bundleHas, type WantedRoots } from './roots.ts'
import type { HostEnvironment } from '../../../platform/commands/host-environment.ts'
import { systemBundle } from './linux-system.ts'
import { readingOf, type StoreReading, type TrustStore, readIfThere } from './store.ts'

export function bundlePaths({ folder }: Pick<HostEnvironment, 'folder'>) {
  return {
    bundle: join(folder, 'bundle.pem'),
    roots: join(folder, 'roots.pem'),
    wgetrc: join(folder, 'wgetrc'),
  }
}

/**
 * Merged bundle in Edgekeep's own folder: the system's roots and the local authority. Programs read it only
 * with the variables of `edgekeep trust env`.
 */
export function bundleStore(hostEnvironment: HostEnvironment): TrustStore {
  const paths = bundlePaths(hostEnvironment)

  async function read(wanted: WantedRoots): Promise<StoreReading> {
    const text = readIfThere(paths.bundle)
    const trusted = wanted.ours.filter((root) => bundleHas(text, root)).map(({ fingerprint }) => fingerprint)
    const reading = readingOf(wanted, { trusted, distrusted: [], others: [] })
    if (reading.state !== 'trusted') return reading
    return { ...reading, sentence: 'Programs trust it where the variables of "edgekeep trust env" are set.' }
  }

  async function put({ current, retired, ours }: WantedRoots): Promise<void> {
    const roots = [current, ...retired].map(({ pem }) => pem).join('')
    const before = systemBundle() ?? tls.rootCertificates.map((pem) => `${pem}\n`).join('')
    const others = ours.reduce((text, { pem }) => text.replace(pem, ''), before)
    mkdirSync(dirname(paths.bundle), { recursive: true, mode: 0o700 })
    writeFileSync(paths.bundle, others + roots)
    writeFileSync(paths.roots, roots)
    // WGETRC replaces the user's own file, so it repeats the contents.
    const own = readIfThere(join(hostEnvironment.home, '.wgetrc'))
    writeFileSync(
      paths.wgetrc,
      `${own}${own === '' || own.endsWith('\n') ? '' : '\n'}ca_certificate = ${paths.bundle}\n`,
      { mode: 0o600 },
    )
  }

  async function takeOut(): Promise<void> {
    for (const path of Object.values(paths)) rmSync(path, { force: true })
  }

  return {
    id: 'bundle',
    kind: 'bundle',
    title: 'the bundle for programs that read variables',
    location: paths.bundle,
    elevated: false,
    read,
    obstacle: async () => null,
    change: (action) =>
      action === 'install'
        ? 'Writes a bundle of this system’s certificates and the local authority into Edgekeep’s own folder, for "edgekeep trust env".'
        : 'Removes the bundle. Shells and services that still name it then trust nothing: unset the variables there.',
    commands: () => '',
    put,
    takeOut,
    files: () => Object.values(paths),
  }
}
