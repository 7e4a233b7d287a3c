import { posix } from 'node:path'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import {
  mostTargets,
  type NewTarget,
  type ShownTarget,
  type Target,
  type TargetServer,
  type TargetSettings,
} from '../../contract/targets/targets.ts'
import { wipedTogether } from '../../domain/secret-bytes.ts'
import { requireCommandLine } from '../core/command-line-only.ts'
import { commit } from '../core/commit.ts'
import type { Core } from '../core/core.ts'
import { storedTargets } from '../core/settings.ts'
import { readUploads } from '../core/uploads.ts'
import { type Host, HostFault } from './hosts/host.ts'
import { localHost } from './hosts/local-host.ts'
import { sshHost } from './hosts/ssh-host.ts'
import type { VaultKey } from './hosts/vault-agent.ts'
import { hasKeys, kindOf } from './kinds/kinds.ts'
import { type PublishNeeds, turnsOf } from './needs.ts'
import { requireOwnFolder } from './own-folder.ts'
import { emptyRelease, writeRelease, releaseOf } from './release.ts'
import { changeTarget, listTargets, requireTarget } from './stored-targets.ts'
import { authorizedKey, readSshKey, type SshKey, vaultKeyOf } from './ssh-key.ts'
import { commandsOf, reloadServer, requireConfiguration, watchedFolder } from './server-program.ts'
import { type ServerSetup, setupOf } from './site/server-setup.ts'

export function showTarget(parts: Core, name: string): ShownTarget {
  return shown(parts, requireTarget(parts, name))
}

function shown(parts: Pick<Core, 'vault'>, target: Target): ShownTarget {
  const setup = setupOf(target)
  const { folder } = setup
  const kind = kindOf(setup)
  const key = vaultKeyOf(parts, target.name)
  return {
    target,
    folder,
    include: kind.include(setup),
    commands: commandsOf(setup),
    authorized: key && authorizedKey(key),
    caution: kind.caution?.(setup) ?? null,
  }
}

/**
 * Stores a target and makes Edgekeep's folder at its server.
 * @throws `target.from_command_line`, `target.name_taken`, `target.unusable`, and as `readSshKey`
 */
export async function addTarget(parts: PublishNeeds, settings: NewTarget): Promise<ShownTarget> {
  requireCommandLine(parts, 'target.from_command_line')
  return parts.publishing([settings.name, ...settings.ssh], () => addNow(parts, settings))
}

async function addNow(parts: Core, { sshKey, ...settings }: NewTarget): Promise<ShownTarget> {
  const { vault, clock } = parts
  const { name } = settings
  const setup = setupOf(settings)
  requireFree(parts, setup)
  const addresses = settings.ssh.length > 0 ? [...new Set(settings.ssh)] : [null]
  const servers: TargetServer[] = []
  using key = sshKey ? await newKey(parts, sshKey, settings) : null
  const signing = key && {
    publicKey: key.publicKey,
    withKey: <T>(use: (bytes: Buffer) => T) => use(key.privateKey.bytes),
  }
  for (const address of addresses) servers.push(await prepared(address, setup, signing))
  const target: Target = {
    ...settings,
    config: setup.config,
    domains: [],
    servers,
    addedAt: clock().toISOString(),
    renewal: null,
    configuration: null,
    history: [],
  }
  await commit(parts, () => {
    // Another one may have been added while the servers were prepared.
    requireFree(parts, setup)
    storedTargets.store(vault, [...listTargets(parts), target])
    if (key) vault.targetKeys.add({ id: name, publicKey: key.publicKey }, key.privateKey.bytes)
    const { kind, sudo } = target
    return {
      record: {
        action: 'target.add',
        subject: name,
        before: null,
        after: { kind, config: setup.config, sudo, sshKey: key !== null },
      },
    }
  })
  return shown(parts, target)
}

/**
 * @throws `target.name_taken`, and `target.unusable` for the folder of another target, whose domains a publication would
 *   remove
 */
function requireFree(parts: Core, { name, folder, ssh }: ServerSetup): void {
  const targets = listTargets(parts)
  if (targets.some((target) => target.name === name)) throw new EdgekeepError('target.name_taken', { name })
  if (targets.length >= mostTargets)
    throw new EdgekeepError('target.unusable', { reason: `${mostTargets} targets are the most` })
  const serversOf = (addresses: readonly string[]) => new Set(addresses.length > 0 ? addresses : [''])
  const servers = serversOf(ssh)
  const owner = targets.find(
    (other) => setupOf(other).folder === folder && !servers.isDisjointFrom(serversOf(other.ssh)),
  )
  if (!owner) return
  throw new EdgekeepError('target.unusable', { reason: `"${owner.name}" has the folder ${folder} there` })
}

/** Private key for the servers, still in memory alone. */
async function newKey(
  { vault }: Core,
  { file, passphrase }: NonNullable<NewTarget['sshKey']>,
  { ssh }: TargetSettings,
): Promise<SshKey & Disposable> {
  vault.requireUnlocked()
  if (ssh.length === 0)
    throw new EdgekeepError('target.unusable', {
      reason: 'a key for SSH is for servers that are reached by SSH',
    })
  const [input] = await readUploads([file])
  if (!input) throw new TypeError('A file was read')
  using _bytes = wipedTogether([input.bytes])
  const key = await readSshKey(Buffer.from(input.bytes.buffer), passphrase, { file: input.name })
  return Object.assign(key, { [Symbol.dispose]: () => key.privateKey[Symbol.dispose]() })
}

/** Record of a server with its folder; its SSH host key is pinned here. */
async function prepared(
  address: string | null,
  setup: ServerSetup,
  key: VaultKey | null,
): Promise<TargetServer> {
  try {
    const { host, hostKey } =
      address === null ? { host: localHost(), hostKey: null } : await sshHost(address, null, key)
    try {
      await prepare(host, setup)
    } finally {
      host.close()
    }
    return { address: host.name, hostKey, release: null, digest: null, certificates: [], switchedAt: null }
  } catch (error) {
    if (!(error instanceof HostFault)) throw error
    throw new EdgekeepError('target.unusable', { reason: error.message }, { cause: error })
  }
}

/** Makes the folder with an empty release, so that the include line is valid before the first publication. */
async function prepare(host: Host, setup: ServerSetup): Promise<void> {
  await requireConfiguration(host, setup)
  await requireOwnFolder(host, setup)
  if ((await host.linkTarget(setup.current)) !== null) return
  const folder = posix.join(setup.releases, emptyRelease)
  await host.remove(folder)
  await writeRelease(host, folder, releaseOf([], new Map(), setup))
  if (hasKeys(setup)) await host.makeFolder(setup.keys)
  await host.replaceLink(setup.current, posix.join('releases', emptyRelease))
  const watched = watchedFolder(setup)
  if (watched === null) return
  await host.makeFolder(watched)
  await reloadServer(host, setup)
}

/**
 * Lets a target be renewed by itself, or ends that.
 * @throws `target.not_found`, and `input.invalid` for a kind that renews its certificates elsewhere
 */
export async function setTargetRenewal(
  parts: PublishNeeds,
  { target: name, on }: { target: string; on: boolean },
): Promise<Target> {
  await commit(parts, () => {
    const { kind, renewal: before } = requireTarget(parts, name)
    if (on && !hasKeys({ kind }))
      throw new EdgekeepError('input.invalid', { reason: 'A cluster renews its certificates itself.' })
    const renewal = on ? (before ?? { attempts: 0, notBefore: null, lastAttempt: null }) : null
    changeTarget(parts, name, () => ({ renewal }))
    const record = { subject: name, before: { on: before !== null }, after: { on } }
    return { record: { action: 'target.renewal', ...record } }
  })
  return requireTarget(parts, name)
}

/** @throws `target.from_command_line`, `target.not_found` */
export async function removeTarget(parts: PublishNeeds, name: string): Promise<{ folder: string }> {
  requireCommandLine(parts, 'target.from_command_line')
  return parts.publishing(turnsOf(requireTarget(parts, name)), () => removeNow(parts, name))
}

async function removeNow(parts: Core, name: string): Promise<{ folder: string }> {
  const { folder } = setupOf(requireTarget(parts, name))
  await commit(parts, () => {
    const before = requireTarget(parts, name)
    storedTargets.store(
      parts.vault,
      listTargets(parts).filter((target) => target.name !== name),
    )
    parts.vault.targetKeys.remove(name)
    const facts = { kind: before.kind, domains: before.domains }
    return { record: { action: 'target.remove', subject: name, before: facts, after: null } }
  })
  return { folder }
}
