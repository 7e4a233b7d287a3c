import { posix } from 'node:path'
import { type Host, HostFault, isNextLink } from './hosts/host.ts'
import { watchedFolder } from './server-program.ts'
import type { ServerSetup } from './site/server-setup.ts'

/**
 * Refuses a folder in which others decide what the server reads: a link to elsewhere, a folder that others own or
 * may write to, files that are not Edgekeep's. It may change at any time, so each act at a server begins with this.
 * Folders that do not exist yet pass.
 * @throws `HostFault`
 */
export async function requireOwnFolder(host: Host, setup: ServerSetup): Promise<void> {
  const { folder, current, releases, keys } = setup
  const watched = watchedFolder(setup)
  const below = watched === null ? [releases, keys] : [releases, keys, watched]
  for (const path of [folder, ...below]) {
    const entry = await host.entry(path)
    if (entry === null) continue
    if (entry.kind === 'link') throw new HostFault(`${path} is a link to another folder.`)
    if (entry.kind !== 'folder') throw new HostFault(`${path} is no folder.`)
    if (!entry.isOurs) throw new HostFault(`${path} does not belong to the user that Edgekeep is there.`)
    if (entry.isShared) throw new HostFault(`Others may write to ${path}: chmod go-w ${path}`)
  }
  const own = new Set([current, ...below].map((path) => posix.basename(path)))
  const strange = (await host.list(folder)).find((name) => !own.has(name) && !isNextLink(name, current))
  if (strange !== undefined) throw new HostFault(`${folder} has files in it that are not Edgekeep’s.`)
}
