import { EdgekeepError } from '../../contract/errors/registry.ts'
import { permittedSuffixes } from '../../pki/issue/authority-certificates.ts'
import { certificateFacts } from '../../pki/facts/certificate.ts'
import { openIntake } from '../../pki/intake/intake.ts'
import { toPem } from '../../pki/formats/convert.ts'
import { verifyChain } from '../certificates/verdicts.ts'
import { type Change, elevatedChange, recordChange } from '../changes/changes.ts'
import { withUploads } from '../core/uploads.ts'
import { asForeign, hostEnvironmentOf, rootOf } from '../trust/atlas.ts'
import { changeParts, installIn } from '../trust/stores/change-store.ts'
import { foreignRootsIn } from '../trust/stores/former-roots.ts'
import type { TrustedRoot, WantedRoots } from '../trust/stores/roots.ts'
import type { TrustStore } from '../trust/stores/store.ts'
import type { SetupNeeds } from './needs.ts'

/*
 * Threat: whoever holds the key of a trusted root can impersonate any web site to this user. So a root of
 * somebody else is added only on a request of its own, only if it issued the served chain, only to the stores
 * that refuse it, and its reach and fingerprint are shown first.
 */

/** The root that anchors a chain: the one that was uploaded with it, or of a file; null without any. */
export async function rootOfChain(
  parts: SetupNeeds,
  chain: Uint8Array[],
  { rootPem, file }: { rootPem: string | null; file: File | undefined },
): Promise<TrustedRoot | null> {
  const anchorsIt = (der: Uint8Array) => {
    const { isCa, isSelfSigned } = certificateFacts(der)
    const anchors = [{ name: 'root', certificates: [der], lenient: true }]
    return isCa && isSelfSigned && verifyChain(parts, chain, { anchors }).answers.authority.ok
  }
  if (!file) return rootPem === null ? null : asForeign(rootOf({ certificatePem: rootPem }))
  const found = await withUploads([file], (inputs) => {
    using intake = openIntake(inputs)
    return [...intake.certificates().values()].find(anchorsIt)
  })
  if (!found)
    throw new EdgekeepError('input.invalid', {
      reason: `${file.name} has no root that issued this certificate. Give the file with the root of its authority.`,
    })
  return asForeign(rootOf({ certificatePem: toPem(found) }))
}

/** Adds a root of somebody else to the stores that lack it; undone like trust in the local authority. */
export function foreignRootChanges(parts: SetupNeeds, stores: TrustStore[], root: TrustedRoot) {
  const wanted: WantedRoots = { current: root, retired: [], ours: [root] }
  return Promise.all(stores.map((store) => foreignRootChange(parts, store, wanted)))
}

async function foreignRootChange(parts: SetupNeeds, store: TrustStore, wanted: WantedRoots): Promise<Change> {
  const { current: root } = wanted
  const { folder } = hostEnvironmentOf(parts)
  const obstacle = await store.obstacle()
  const { title, location, elevated } = store
  const step = {
    ...{
      store: `root:${store.id}`,
      title: `the root "${root.title}" in ${title}`,
      location,
      elevated,
      obstacle,
    },
    change: `Adds the root "${root.title}" to ${title}. ${reach(root)} SHA-256: ${root.fingerprint}`,
    commands: obstacle ? null : store.commands('install', wanted) || null,
  }
  const sentence = `The root "${root.title}" is trusted in it.`
  const record = async () => {
    const after = { store: title, authority: root.fingerprint }
    await recordChange(parts, { action: 'trust.install', subject: store.id, before: null, after })
  }
  const note = () => foreignRootsIn({ folder }).note([root.pem])
  if (elevated) {
    const look = async () => {
      note()
      const { state } = await store.read(wanted)
      return { isDone: state === 'trusted', now: sentence, why: `The root is not in ${title}.` }
    }
    return elevatedChange(step, look, record)
  }
  return {
    step,
    async act() {
      note()
      const result = await installIn(store, changeParts(folder, wanted, parts.clock))
      if (result.outcome === 'failed') return result
      await record()
      return { ...result, sentence }
    },
  }
}

/** Reach of the root's key, by its name constraints (RFC 5280, section 4.2.1.10). */
function reach({ pem }: TrustedRoot): string {
  const suffixes = permittedSuffixes(pem)
  return suffixes
    ? `Its certificates count only for names under ${suffixes.join(', ')}.`
    : 'It is not limited to names: whoever holds its key can impersonate any web site to you.'
}
