import { z } from 'zod'
import {
  acmeServerDefaults,
  type AcmeServerSettings,
  acmeServerSettingsSchema,
} from '../../contract/acme/acme-server.ts'
import { projectSchema } from '../../contract/develop/projects.ts'
import { agentPermissionsDefaults, agentPermissionsSchema } from '../../contract/engine/agents.ts'
import { desktopPreferencesSchema } from '../../contract/engine/desktop.ts'
import { edgeSettingsDefaults, edgeSettingsSchema } from '../../contract/engine/edge-settings.ts'
import { portSchema } from '../../contract/shared/port.ts'
import { type Target, targetSchema } from '../../contract/targets/targets.ts'
import { type Watch, watchSchema } from '../../contract/watch/watch.ts'
import { usagePriceSchema } from '../../contract/usage/usage.ts'
import { identifiesUsers } from '../../platform/listeners/peer-user.ts'
import type { Vault } from '../vault/vault.ts'
import type { Locking } from '../../contract/custody/custody.ts'

type Settings = Pick<Vault, 'settings'>

/** Named value in the vault, never a secret. */
export interface Setting<T> {
  read(vault: Settings): T
  /** To be called inside a change. */
  store(vault: Settings, value: T): void
}

/** Settings in the vault besides domains, certificates and keys. */
export const edgeSettings = setting('edge.settings', edgeSettingsSchema, edgeSettingsDefaults)
export const desktopPreferences = setting('desktop.preferences', desktopPreferencesSchema, {
  onClose: null,
  startAtLogin: false,
})
export const agentPermissions = setting(
  'agents.permissions',
  agentPermissionsSchema,
  agentPermissionsDefaults,
)
export const usagePrice = setting('usage.price', usagePriceSchema.nullable(), null)
export const accessLogOn = setting('traffic.access-log', z.boolean(), false)
/** 0: never. */
export const autoLockMinutes = setting('vault.lock-after-minutes', z.number().int(), 0)
export const lockStopsServing = setting('vault.lock-stops-serving', z.boolean(), false)
/**
 * Wrong guesses at secrets of the vault since the last right one; `atUptimeMs` is a reading of `uptimeMs`.
 */
const wrongSecretsSchema = z.object({ count: z.number().int(), atUptimeMs: z.number() })
export type WrongSecrets = z.infer<typeof wrongSecretsSchema>
export const wrongSecrets = setting('vault.wrong-secrets', wrongSecretsSchema, { count: 0, atUptimeMs: 0 })
const clockReadingSchema = z.object({ timeMs: z.number(), runningMs: z.number() })
const clockReadingsSchema = z.object({
  runningMs: z.number(),
  readings: z.array(clockReadingSchema),
  followed: clockReadingSchema.nullable().default(null),
})
/** Readings of the system's time that must agree before pruning. */
const noReadings = { runningMs: 0, readings: [], followed: null }
export const clockReadings = setting('clock.readings', clockReadingsSchema, noReadings)
/** Watched servers with their last results. */
export const watchedServers = setting<Watch[]>('watch.servers', z.array(watchSchema), [])
/** Servers that domains are published to, with their last publications. */
export const storedTargets = setting<Target[]>('publish.targets', z.array(targetSchema), [])
/** Null: the proxy for browsers is closed. */
export const proxyPort = setting('names.proxy', portSchema.nullable(), null)
/** Port of the DNS responder for suffixes; null: it is closed. */
export const dnsPort = setting('names.dns', portSchema.nullable(), null)
/** Ports of the edge before their move to 443 and 80; null: not moved. */
export const portsBeforeMove = setting(
  'ports.before',
  edgeSettingsSchema.pick({ httpsPort: true, httpPort: true }).nullable(),
  null,
)
/** Port of the CRL and OCSP service; null: off. */
export const revocationPort = setting('authority.revocation-service', z.number().int().nullable(), null)
/** Local authority as an ACME server for other programs of this computer. */
const acmeDefaults = { ...acmeServerDefaults, requireBinding: !identifiesUsers }
const storedAcmeServer = setting('acme-server', acmeServerSettingsSchema.partial(), acmeDefaults)
export const acmeServerSettings: Setting<AcmeServerSettings> = {
  read: (vault) => ({ ...acmeDefaults, ...storedAcmeServer.read(vault) }),
  // Skips the default, which may differ on another computer where this vault is restored.
  store(vault, { requireBinding, ...rest }) {
    const chosen = requireBinding === acmeDefaults.requireBinding ? {} : { requireBinding }
    storedAcmeServer.store(vault, { ...rest, ...chosen })
  },
}
/** Serial number of the ACME server's own certificate; null without one. */
export const acmeServerSerial = setting('acme-server.serial', z.string().nullable(), null)

const storedRunSchema = z.object({
  domain: z.string(),
  project: z.string(),
  service: z.string(),
  /** `createdAt` of the domain: a person may have added another one of that name since. */
  since: z.string(),
})
export type StoredRun = z.infer<typeof storedRunSchema>
/** Domains of development servers, which end with them. */
export const storedRuns = setting('develop.runs', z.array(storedRunSchema), [])

/** Projects whose file is served, and the domains of each. */
export const storedProjects = setting('develop.projects', z.array(projectSchema), [])

const trustedServicesSchema = z.object({
  folder: z.string(),
  sha256: z.string(),
  /** Project and services, to list them; empty in entries of an older Edgekeep. */
  name: z.string().default(''),
  services: z.array(z.string()).default([]),
})
/** Folders of project files whose services may run, each with the digest of these. */
export const trustedServices = setting('develop.trusted-services', z.array(trustedServicesSchema), [])

const containerOriginSchema = z.object({
  domain: z.string(),
  /** Name of the container. */
  container: z.string(),
  port: portSchema,
  /** Address of its last start, which is the domain's origin unless a person has set another one. */
  address: z.string(),
})
export type ContainerOrigin = z.infer<typeof containerOriginSchema>
/** Domains whose origin follows a container over its restarts. */
export const containerOrigins = setting('containers.origins', z.array(containerOriginSchema), [])

function setting<T>(key: string, schema: z.ZodType<T>, absent: T): Setting<T> {
  return {
    read({ settings }) {
      const stored = settings.get(key)
      return stored === undefined ? absent : schema.parse(valueOf(stored))
    },
    store: ({ settings }, value) => settings.set(key, JSON.stringify(value)),
  }
}

/** Parses JSON, or the `yes` and `no` of versions before 0.1.0. */
function valueOf(stored: string): unknown {
  if (stored === 'yes' || stored === 'no') return stored === 'yes'
  return JSON.parse(stored)
}

export function lockingSettings({ vault }: { vault: Settings }): Locking {
  return { autoLockMinutes: autoLockMinutes.read(vault) || null, stopServing: lockStopsServing.read(vault) }
}
