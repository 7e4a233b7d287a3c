import { randomBytes } from 'node:crypto'
import {
  acmeServerSettingsSchema,
  type AcmeAccount,
  type AcmeServerSettings,
  type AcmeServerState,
  type NewAcmeBinding,
} from '../../../contract/acme-server.ts'
import { normaliseDomain } from '../../pki/x509/host-names.ts'
import { portTrouble } from '../../edge/supervisor/port-trouble.ts'
import { changedField, settingsChanged } from '../core/as-read.ts'
import { commit } from '../core/commit.ts'
import { forgetSoon } from '../core/forget-soon.ts'
import type { EngineParts } from '../core/parts.ts'
import { acmeServerSettings } from '../core/settings.ts'

const subject = 'acme-server'

const words = {
  enabled: 'switch',
  port: 'port',
  waived: 'list of names without validation',
  requireBinding: 'requirement of external accounts',
  httpPort: 'port for http-01',
  tlsPort: 'port for tls-alpn-01',
  dnsPort: 'port for dns-01',
} as const satisfies Record<keyof AcmeServerSettings, string>

/**
 * @throws `edge.port_taken`, `edge.port_forbidden`, `domain.invalid`, `settings.changed_meanwhile`; what was set before
 *   stays then
 */
export async function setAcmeServer(
  parts: EngineParts,
  { read = {}, ...wanted }: Partial<AcmeServerSettings> & { read?: Partial<AcmeServerSettings> },
): Promise<AcmeServerState> {
  const { vault, acmeServer } = parts
  const before = acmeServerSettings.read(vault)
  requireAsRead(parts, before, read)
  const waived = (wanted.waived ?? before.waived).map(waivedName)
  const after = { ...before, ...wanted, waived: [...new Set(waived)] }
  const runs = acmeServer.state().directory !== null && before.port === after.port
  const trouble = after.enabled && !runs ? await portTrouble(after.port, []) : null
  if (trouble) throw trouble
  await commit(parts, () => {
    // Looking at the port took a while.
    requireAsRead(parts, acmeServerSettings.read(vault), read)
    acmeServerSettings.store(vault, after)
    return { record: { action: 'acme-server.settings', subject, before, after } }
  })
  await acmeServer.followSettings()
  return acmeServer.state()
}

function requireAsRead(parts: EngineParts, now: AcmeServerSettings, read: Partial<AcmeServerSettings>): void {
  const changed = changedField(acmeServerSettingsSchema.shape, read, now)
  if (changed) throw settingsChanged(parts, { subject, of: 'the ACME server', what: words[changed] })
}

/** `*.shop.test` says no more than `shop.test`, which has all below it. */
function waivedName(name: string): string {
  return normaliseDomain(name).replace(/^\*\./, '')
}

export function acmeAccounts({ vault }: EngineParts): AcmeAccount[] {
  const counts = new Map<string, number>()
  for (const { accountId } of vault.issued.list())
    if (accountId !== null) counts.set(accountId, (counts.get(accountId) ?? 0) + 1)
  return vault.acmeServer
    .list()
    .map(({ jwk: _jwk, ...account }) => ({ ...account, certificates: counts.get(account.id) ?? 0 }))
}

/** An external account. Its MAC key is told in this answer and nowhere else. */
export async function addBinding(parts: EngineParts, label: string): Promise<NewAcmeBinding> {
  const { vault } = parts
  const id = randomBytes(12).toString('base64url')
  const macKey = randomBytes(32)
  try {
    await commit(parts, () => {
      vault.acmeServer.addBinding({ id, label }, macKey)
      return { record: { action: 'acme-server.bind', subject: id, before: null, after: { name: label } } }
    })
    return {
      id,
      label,
      macKey: macKey.toString('base64url'),
      createdAt: parts.clock().toISOString(),
      usedAt: null,
    }
  } finally {
    macKey.fill(0)
    forgetSoon()
  }
}

/** Accounts that are bound by it stay. */
export async function removeBinding(parts: EngineParts, id: string): Promise<void> {
  const { vault } = parts
  const label = vault.acmeServer.bindings().find((each) => each.id === id)?.label ?? id
  await commit(parts, () => {
    vault.acmeServer.removeBinding(id)
    return { record: { action: 'acme-server.unbind', subject: id, before: { name: label }, after: null } }
  })
}
