import { dirname, resolve } from 'node:path'
import type { ServerOrigin } from '../../contract/domains/origins.ts'
import { parseOrigin } from '../../domain/origin-url.ts'
import type { BoundedFiles } from '../setup/found.ts'
import type { NoteTaker } from '../setup/notes.ts'
import { originAnchors } from '../setup/origin-anchors.ts'
import { type Dynamic, ownName, type Placed, type Service } from './traefik-dynamic.ts'
import type { Transport } from './traefik-files.ts'

interface Around {
  dynamic: Dynamic
  /** Transport of Traefik's own configuration, for services without one. */
  byDefault: Transport | null
  files: BoundedFiles
  notes: NoteTaker
}

const mostDepth = 8

/** Origins of a service in the order of attempts; empty with a note if none can be taken over. */
export function originsOf(
  reference: string,
  at: Placed<unknown>['at'],
  around: Around,
  depth = 0,
): ServerOrigin[] {
  const found = around.dynamic.services.get(ownName(reference))
  if (!found || depth > mostDepth) {
    around.notes.left(at, reference, 'This service is not in the files that were read.')
    return []
  }
  const { failover, weighted, mirroring, loadbalancer } = found.value
  const below = (name: string) => originsOf(name, found.at, around, depth + 1)
  if (failover) return [...below(failover.service), ...below(failover.fallback)]
  if (mirroring) {
    around.notes.left(found.at, 'mirroring', 'Requests are not copied here.')
    return below(mirroring.service)
  }
  if (weighted) {
    around.notes.differs(found.at, 'weighted', firstOnly)
    return weighted.services.slice(0, 16).flatMap(({ name }) => below(name))
  }
  return loadbalancer ? balanced(found, around) : []
}

const firstOnly = 'Requests go to the first server; the others are used while it is out.'

function balanced(
  { value, at }: Placed<Service>,
  { dynamic, byDefault, files, notes }: Around,
): ServerOrigin[] {
  const { servers = [], passhostheader = true, serverstransport } = value.loadbalancer ?? {}
  const transport =
    serverstransport === undefined ? byDefault : dynamic.transports.get(ownName(serverstransport))?.value
  if (servers.length > 1) notes.differs(at, 'servers', firstOnly)
  const from = (transport?.rootcas ?? []).map((root) =>
    root.startsWith('-----BEGIN') ? root : resolve(dirname(at.file), root),
  )
  const anchorsPem = originAnchors({ at, what: 'rootCAs', from }, { files, notes })
  return servers.flatMap(({ url }) => {
    const [, base = '', host = '', path = ''] = /^((?:https?|h2c):\/\/([^/]+))(\/.*)?$/i.exec(url) ?? []
    try {
      if (path !== '' && path !== '/') throw new TypeError('Traefik has no path there')
      const origin = parseOrigin(base) as ServerOrigin
      const verify = transport?.insecureskipverify !== true
      const sni = transport?.servername ?? null
      const isTls = origin.protocol === 'https'
      const hostHeader = passhostheader ? null : host
      return [{ ...origin, hostHeader, sni, verify, anchorsPem: isTls && verify ? anchorsPem : null }]
    } catch {
      notes.left(at, 'url', 'The address is no host and port.')
      return []
    }
  })
}
