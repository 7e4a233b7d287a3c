import { createHash, randomInt, randomUUID } from 'node:crypto'
import type { Vault } from '../../../src/engine/vault/vault.ts'
import { certificateRow, exampleOrigin } from './vault-rows.ts'

/** Change of a vault, replayable on a model. */
export type Act =
  | { kind: 'import'; certificateId: string }
  | { kind: 'swap'; domain: string; certificateId: string }
  | { kind: 'disable'; domain: string }
  | { kind: 'rotate' }

/** Expected contents of a vault: certificate ids, and each domain's current and previous certificate. */
export interface Model {
  certificates: Set<string>
  domains: Map<string, { now: string | null; before: string | null }>
  version: number
  rotations: number
}

const workloadDomains = Array.from({ length: 8 }, (_, index) => `shop${index}.test`)
const heldAtMost = 40

export function modelOf(vault: Vault): Model {
  const domains = vault.domains
    .list()
    .map((row) => [row.name, { now: row.certificateId, before: row.previousCertificateId }] as const)
  const ids = vault.certificates.list().map((row) => row.id)
  const version = vault.configurationVersion()
  const rotations = rowsOf(vault) - version
  return { certificates: new Set(ids), domains: new Map(domains), version, rotations }
}

/** The rows of a sound audit trail: one for each change and each rotation. */
function rowsOf(vault: Vault): number {
  const verdict = vault.audit.verify()
  if (!verdict.ok) throw new Error(`The audit trail is broken: ${verdict.reason} (${verdict.brokenAt}).`)
  return verdict.rows
}

/** Chooses a possible next change: an import, a swap, HTTPS off, or a rotation. */
export function nextAct(model: Model): Act {
  const ids = [...model.certificates]
  const chance = randomInt(12)
  if (ids.length < 3 || (chance < 4 && ids.length < heldAtMost))
    return { kind: 'import', certificateId: randomUUID() }
  if (chance === 11) return { kind: 'rotate' }
  const domain = workloadDomains[randomInt(workloadDomains.length)]!
  if (chance < 8) return { kind: 'swap', domain, certificateId: ids[randomInt(ids.length)]! }
  return { kind: 'disable', domain }
}

/** Does the act in one change, with its key and its audit row: each sealed key is made of its certificate's id. */
export async function perform(vault: Vault, act: Act): Promise<void> {
  if (act.kind === 'rotate') return vault.custody.rotate('engine')
  vault.change(() => {
    if (act.kind === 'import') importCertificate(vault, act.certificateId)
    else if (act.kind === 'swap') swap(vault, act.domain, act.certificateId)
    else disable(vault, act.domain)
    const subject = act.kind === 'import' ? act.certificateId : act.domain
    vault.audit.append({ actor: 'engine', action: act.kind, subject, before: null, after: act })
  })
}

/** The same act on the model. */
export function replay(model: Model, act: Act): void {
  if (act.kind === 'rotate') return void (model.rotations += 1)
  model.version += 1
  if (act.kind === 'import') model.certificates.add(act.certificateId)
  else if (act.kind === 'swap') replaySwap(model, act.domain, act.certificateId)
  else replayDisable(model, act.domain)
}

export function keyOf(certificateId: string): Buffer {
  const digest = createHash('sha512').update(certificateId).digest('base64')
  return Buffer.from(`-----BEGIN PRIVATE KEY-----\n${digest}\n-----END PRIVATE KEY-----\n`)
}

function importCertificate(vault: Vault, id: string): void {
  const row = certificateRow({ id, name: id, spkiSha256: createHash('sha256').update(id).digest('hex') })
  vault.certificates.insert(row)
  vault.keys.sealKey(id, row.spkiSha256, keyOf(id))
}

function swap(vault: Vault, name: string, certificateId: string): void {
  const row = vault.domains.get(name)
  if (!row) vault.domains.insert({ name, origin: exampleOrigin, httpsState: 'on', certificateId })
  else
    vault.domains.update(name, { httpsState: 'on', certificateId, previousCertificateId: row.certificateId })
}

/** Ends HTTPS and erases the domain's certificate unless another domain serves it. */
function disable(vault: Vault, name: string): void {
  const row = vault.domains.get(name)
  if (!row) return
  vault.domains.update(name, { httpsState: 'off', certificateId: null, previousCertificateId: null })
  const id = row.certificateId
  if (id && vault.certificates.usage(id).length === 0) vault.certificates.remove(id)
}

function replaySwap({ domains }: Model, name: string, certificateId: string): void {
  domains.set(name, { now: certificateId, before: domains.get(name)?.now ?? null })
}

function replayDisable({ domains, certificates }: Model, name: string): void {
  const id = domains.get(name)?.now
  if (domains.has(name)) domains.set(name, { now: null, before: null })
  if (!id || [...domains.values()].some((domain) => domain.now === id)) return
  certificates.delete(id)
  for (const domain of domains.values()) if (domain.before === id) domain.before = null
}
