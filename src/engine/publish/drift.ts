import { posix } from 'node:path'
import type { ServerDrift, TargetServer } from '../../contract/targets/targets.ts'
import type { Host } from './hosts/host.ts'
import { HostFault } from './hosts/host.ts'
import type { VaultKey } from './hosts/vault-agent.ts'
import { openHost } from './fleet.ts'
import type { PublishNeeds } from './needs.ts'
import { hasKeys, kindOf } from './kinds/kinds.ts'
import { faultsOf, observeAll } from './observe.ts'
import { requireOwnFolder } from './own-folder.ts'
import { sitesFor } from './publish.ts'
import { certificateFile } from './site/release-paths.ts'
import { configurationOf, digestOf, readRelease, type Release } from './release.ts'
import { type ServerSetup, setupOf } from './site/server-setup.ts'
import type { Site } from './site/site.ts'
import { vaultKeyOf } from './ssh-key.ts'
import { requireTarget } from './stored-targets.ts'

/**
 * Compares the server of a target with what was published; it changes nothing.
 * @throws `target.not_found`, and as `publish` for a domain that has changed meanwhile
 */
export async function checkTarget(parts: PublishNeeds, name: string): Promise<ServerDrift[]> {
  const target = requireTarget(parts, name)
  const setup = setupOf(target)
  const sites = sitesFor(parts, target, { domains: [], withdraw: [] })
  return await Promise.all(
    target.servers.map(async (server) => ({
      server: server.address,
      drift: await driftOf({ server, setup, sites }, vaultKeyOf(parts, target.name)),
    })),
  )
}

async function driftOf({ server, setup, sites }: Compared, key: VaultKey | null): Promise<string[]> {
  if (server.release === null) return ['Nothing was published there yet.']
  try {
    const host = await openHost(server, key)
    try {
      return await differencesAt(host, { server, setup, sites })
    } finally {
      host.close()
    }
  } catch (error) {
    if (!(error instanceof HostFault)) throw error
    return [error.message]
  }
}

async function differencesAt(host: Host, { server, setup, sites }: Compared): Promise<string[]> {
  await requireOwnFolder(host, setup)
  const release = await readRelease(host, posix.join(setup.releases, server.release ?? ''))
  const to = await host.linkTarget(setup.current)
  return [
    ...(to !== null && posix.basename(to) === server.release ? [] : ['The link leads to another release.']),
    ...(digestOf(release) === server.digest ? [] : ['The files of the release were changed there.']),
    ...(!hasKeys(setup)
      ? writtenOtherwise(release, { setup, sites })
      : await servedOtherwise(host, { setup, sites, release })),
  ]
}

interface Compared {
  server: TargetServer
  setup: ServerSetup
  sites: Site[]
}

/** Manifests are applied by a person, and are compared alone. */
function writtenOtherwise({ files }: Release, { setup, sites }: Omit<Compared, 'server'>): string[] {
  const isSame = files.get(kindOf(setup).file) === configurationOf(sites, setup)
  return isSame ? [] : ['The domains have changed since the manifests were written.']
}

async function servedOtherwise(
  host: Host,
  { setup, sites, release }: { setup: ServerSetup; sites: Site[]; release: Release },
): Promise<string[]> {
  const observed = await observeAll({ address: host.outside(setup.bind), setup }, sites)
  return [...observed].flatMap(([site, seen]) =>
    faultsOf(seen, { site, chainPem: release.files.get(certificateFile(site)) ?? '', setup }),
  )
}
