import type { ServerOrigin } from '../../contract/domains/origins.ts'
import { parseOrigin } from '../../domain/origin-url.ts'
import type { NoteTaker } from '../setup/notes.ts'
import { type Dynamic, ownName, type Placed, type Service } from './traefik-dynamic.ts'

interface Around {
  dynamic: Dynamic
  /** Transport of Traefik's own configuration does not verify origins. */
  isInsecure: boolean
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

function balanced({ value, at }: Placed<Service>, { dynamic, isInsecure, notes }: Around): ServerOrigin[] {
  const { servers = [], passhostheader = true, serverstransport } = value.loadbalancer ?? {}
  const transport =
    serverstransport === undefined ? undefined : dynamic.transports.get(ownName(serverstransport))?.value
  if (servers.length > 1) notes.differs(at, 'servers', firstOnly)
  if (transport && transport.rootcas.length > 0)
    notes.differs(
      at,
      'rootCAs',
      'The origin is verified by public authorities; name this one with: edgekeep domain set --origin-anchors.',
    )
  return servers.flatMap(({ url }) => {
    const [, base = '', host = '', path = ''] = /^((?:https?|h2c):\/\/([^/]+))(\/.*)?$/i.exec(url) ?? []
    try {
      if (path !== '' && path !== '/') throw new TypeError('Traefik has no path there')
      const origin = parseOrigin(base) as ServerOrigin
      const verify = !(transport ? transport.insecureskipverify : isInsecure)
      return [
        { ...origin, hostHeader: passhostheader ? null : host, sni: transport?.servername ?? null, verify },
      ]
    } catch {
      notes.left(at, 'url', 'The address is no host and port.')
      return []
    }
  })
}
