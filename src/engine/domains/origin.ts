import { statSync } from 'node:fs'
import { isIPv6 } from 'node:net'
import { isAbsolute, resolve } from 'node:path'
import { domainToASCII } from 'node:url'
import { echoOf } from '../../domain/echo.ts'
import { noHostReason, wholePathNeeded } from '../../domain/origin-url.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type {
  FolderOrigin,
  Origin,
  OriginsPolicy,
  OriginState,
  ServerOrigin,
} from '../../contract/domains/origins.ts'
import { foldersAbove, identityOf } from '../../edge/protocol/file-identity.ts'
import { toPem } from '../../pki/formats/convert.ts'
import { realPath } from '../../platform/files/real-path.ts'
import { openIntake } from '../../pki/intake/intake.ts'
import { announce } from '../core/commit.ts'
import type { Core } from '../core/core.ts'
import type { DomainNeeds } from './needs.ts'

type OriginParts = Pick<Core, 'folder'> & Partial<Pick<Core, 'supervisor'>>

/**
 * Normalises an origin: lower-case A-labels, no brackets around IPv6, anchors as clean PEM.
 * @throws `origin.invalid`
 */
export function normaliseOrigin(parts: OriginParts, origin: Origin): Origin {
  if (origin.protocol === 'folder') return normaliseFolder(origin, parts.folder)
  refuseOwnPort(parts, origin)
  return {
    ...origin,
    host: normaliseHost(origin.host),
    hostHeader: origin.hostHeader ? checkedHeader(origin.hostHeader) : null,
    sni: origin.sni ? normaliseHost(origin.sni) : null,
    anchorsPem: origin.anchorsPem ? checkedAnchors(origin.anchorsPem, origin.host) : null,
  }
}

export function normaliseOrigins(parts: OriginParts, policy: OriginsPolicy): OriginsPolicy {
  return {
    backups: policy.backups.map((origin) => normaliseOrigin(parts, origin)),
    routes: policy.routes.map((route) => ({ ...route, origin: normaliseOrigin(parts, route.origin) })),
  }
}

/**
 * Refuses the vault's folder and its parents, since the edge serves the files of an origin's folder. The
 * folder need not exist yet: a build may make it. Later changes are checked per request
 * (`edge/worker/static-files`).
 */
function normaliseFolder(origin: FolderOrigin, vaultFolder: string): FolderOrigin {
  const refuse = (reason: string) => new EdgekeepError('origin.invalid', { origin: null, reason })
  const paths = [origin.folder, origin.boundary ?? origin.folder]
  if (!paths.every((path) => isAbsolute(path) && !path.includes('\0'))) {
    throw refuse(wholePathNeeded)
  }
  const folder = resolve(origin.folder)
  if (holds(folder, vaultFolder) || holds(vaultFolder, folder)) {
    throw refuse("Edgekeep's own folder lies there, with the vault in it")
  }
  return { ...origin, folder, boundary: origin.boundary ?? realPath(folder) }
}

/** Refuses a loop: each request of the edge to itself would cause the next, until no connection is left. */
function refuseOwnPort({ supervisor }: OriginParts, origin: ServerOrigin): void {
  const { https, http } = supervisor?.status() ?? {}
  const spoken = {
    http: [origin.httpPort],
    h2c: [origin.httpPort],
    https: [origin.httpsPort],
    follow: [origin.httpPort, origin.httpsPort],
  }[origin.protocol]
  const own = spoken.find((port) => port === https?.port || port === http?.port)
  if (own === undefined || !/^(?:127\.[\d.]+|\[?::1?\]?|0\.0\.0\.0|localhost)$/i.test(origin.host)) return
  throw new EdgekeepError('origin.invalid', {
    origin: `${echoOf(origin.host)}:${own}`,
    reason: 'Edgekeep itself listens there; give the port that your site listens on',
  })
}

/** Compares `outer` with `inner` and its parents by file identity: names differ in case, links and mounts. */
function holds(outer: string, inner: string): boolean {
  const sought = identityAt(outer)
  const way = realPath(inner)
  return sought !== null && [way, ...foldersAbove(way)].some((folder) => identityAt(folder) === sought)
}

function identityAt(path: string): string | null {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false })
  return found ? identityOf(found) : null
}

/** Returns only the certificates of `text`: a key beside them is not stored. */
function checkedAnchors(text: string, shown: string): string {
  using intake = openIntake([{ name: 'anchors', bytes: Buffer.from(text) }])
  const certificates = [...intake.certificates().values()]
  if (certificates.length === 0) {
    throw new EdgekeepError('origin.invalid', {
      origin: echoOf(shown),
      reason: 'the anchors for its certificate hold no certificate; give them as PEM',
    })
  }
  return certificates.map((der) => toPem(der)).join('')
}

function normaliseHost(host: string): string {
  const bare = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host
  if (isIPv6(bare)) return bare.toLowerCase()
  const ascii = /[\s/:@?#\\%~]/.test(bare) ? '' : domainToASCII(bare)
  if (!ascii) throw new EdgekeepError('origin.invalid', { origin: echoOf(host), reason: noHostReason(bare) })
  return ascii
}

/** RFC 9110, section 7.2: `uri-host [ ":" port ]`, nothing that could end the header line. */
function checkedHeader(value: string): string {
  if (!/^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:\d{1,5})?$/.test(value)) {
    throw new EdgekeepError('origin.invalid', {
      origin: echoOf(value),
      reason: 'a Host header is a name or name:port',
    })
  }
  return value.toLowerCase()
}

/** Stores and publishes origin states reported by the edge, without a change of the configuration. */
export function noteOriginStates(parts: DomainNeeds, domain: string, states: OriginState[]): void {
  if (states.length > 0) parts.originStates.set(domain, states)
  else parts.originStates.delete(domain)
  announce(parts, { domains: [domain] })
}
