import { randomBytes } from 'node:crypto'
import {
  acmeServerSettingsSchema,
  type AcmeAccount,
  type AcmeServerSettings,
  type AcmeServerState,
  type NewAcmeBinding,
} from '../../../contract/acme/acme-server.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import type { PageInput } from '../../../contract/shared/page.ts'
import { SecretBytes, type Unwiped } from '../../../domain/secret-bytes.ts'
import { normaliseDomain } from '../../../pki/x509/host-names.ts'
import { changedField, settingsChanged } from '../../core/edit-conflict.ts'
import { type ChangeRecord, commit } from '../../core/commit.ts'
import { gcAtEnd } from '../../core/schedule-gc.ts'
import type { AcmeServerNeeds } from './needs.ts'
import { acmeServerSettings } from '../../core/settings.ts'
import { portTrouble } from '../../../edge/supervisor/port-owner.ts'

const subject = 'acme-server'

const settingLabels = {
  enabled: 'switch',
  port: 'port',
  waived: 'list of names without validation',
  requireBinding: 'requirement of external accounts',
  httpPort: 'port for http-01',
  tlsPort: 'port for tls-alpn-01',
  dnsPort: 'port for dns-01',
} as const satisfies Record<keyof AcmeServerSettings, string>

/**
 * @throws `edge.port_taken`, `edge.port_forbidden`, `domain.invalid`, `settings.changed_meanwhile`; the
 *   settings stay as they were
 */
export async function setAcmeServer(
  parts: AcmeServerNeeds,
  { read = {}, ...wanted }: Partial<AcmeServerSettings> & { read?: Partial<AcmeServerSettings> },
): Promise<AcmeServerState> {
  const { vault, acmeServer } = parts
  const before = acmeServerSettings.read(vault)
  refuseEditConflict(parts, before, read)
  const waived = (wanted.waived ?? before.waived).map(waivedName)
  const after = { ...before, ...wanted, waived: [...new Set(waived)] }
  const runs = acmeServer.state().directory !== null && before.port === after.port
  const trouble = after.enabled && !runs ? await portTrouble(after.port, []) : null
  if (trouble) throw trouble
  await commit(parts, () => {
    // The settings may have changed during the port check.
    refuseEditConflict(parts, acmeServerSettings.read(vault), read)
    acmeServerSettings.store(vault, after)
    return { record: { action: 'acme-server.settings', subject, before, after } }
  })
  await acmeServer.followSettings()
  return acmeServer.state()
}

function refuseEditConflict(
  parts: AcmeServerNeeds,
  now: AcmeServerSettings,
  read: Partial<AcmeServerSettings>,
): void {
  const changed = changedField(acmeServerSettingsSchema.shape, read, now)
  if (changed) throw settingsChanged(parts, { subject, of: 'the ACME server', what: settingLabels[changed] })
}

/** A waived name includes all names below it, so `*.shop.test` equals `shop.test`. */
function waivedName(name: string): string {
  return normaliseDomain(name).replace(/^\*\./, '')
}

export function acmeAccounts(
  { vault }: AcmeServerNeeds,
  { limit, after }: PageInput,
): { accounts: AcmeAccount[]; next: number | null } {
  const page = vault.acmeServer.page({ limit, after })
  const next = page.length === limit ? (page.at(-1)?.place ?? null) : null
  return { accounts: page.map(({ jwk: _jwk, place: _place, ...account }) => account), next }
}

/** @throws `acme_server.account_not_found` */
export async function endAccount(parts: AcmeServerNeeds, id: string): Promise<AcmeAccount> {
  const account = accountOf(parts, id)
  await commit(parts, () => {
    parts.vault.acmeServer.update(id, { status: 'deactivated' })
    return { record: accountRecord('acme-server.account_end', account) }
  })
  parts.acmeServer.forgetAccount(id)
  return accountOf(parts, id)
}

/** @throws `acme_server.account_not_found` */
export async function removeAccount(parts: AcmeServerNeeds, id: string): Promise<void> {
  const account = accountOf(parts, id)
  await commit(parts, () => {
    parts.vault.acmeServer.remove(id)
    return { record: accountRecord('acme-server.account_remove', account) }
  })
  parts.acmeServer.forgetAccount(id)
}

function accountOf({ vault }: AcmeServerNeeds, id: string): AcmeAccount {
  const found = vault.acmeServer.get(id)
  if (!found) throw new EdgekeepError('acme_server.account_not_found', { id })
  const { jwk: _jwk, ...account } = found
  return { ...account, certificates: vault.issued.countOf(id) }
}

function accountRecord(action: string, { id, userAgent, contacts, status }: AcmeAccount): ChangeRecord {
  const before = { name: contacts[0] ?? (userAgent || id), status }
  return { action, subject: id, before, after: null }
}

/** Creates an external account. Only this answer has its MAC key. */
export async function addBinding(parts: AcmeServerNeeds, label: string): Promise<NewAcmeBinding> {
  const { vault } = parts
  const id = randomBytes(12).toString('base64url')
  using _gc = gcAtEnd()
  using macKey = new SecretBytes(randomBytes(32))
  await commit(parts, () => {
    vault.acmeServer.addBinding({ id, label }, macKey.bytes)
    return { record: { action: 'acme-server.bind', subject: id, before: null, after: { name: label } } }
  })
  const shown: Unwiped<string> = macKey.bytes.toString('base64url')
  return { id, label, macKey: shown, createdAt: parts.clock().toISOString(), usedAt: null }
}

/** Accounts with this binding stay. */
export async function removeBinding(parts: AcmeServerNeeds, id: string): Promise<void> {
  const { vault } = parts
  const label = vault.acmeServer.bindings().find((each) => each.id === id)?.label ?? id
  await commit(parts, () => {
    vault.acmeServer.removeBinding(id)
    return { record: { action: 'acme-server.unbind', subject: id, before: { name: label }, after: null } }
  })
}
