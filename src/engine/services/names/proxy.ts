import type { ProxyView } from '../../../contract/names.ts'
import { portSchema } from '../../../contract/origins.ts'
import type { ConnectTargets } from '../../names/connect-endpoint.ts'
import { pacFile } from '../../names/pac.ts'
import { commit } from '../core/commit.ts'
import type { EngineParts } from '../core/parts.ts'
import { servingDomain } from './names.ts'

const KEY = 'names.proxy'

/** Only what is served, only as a browser asks for it, or by the number that the edge has in its addresses. */
function targetsOf(parts: EngineParts): ConnectTargets {
  return {
    edgePort(host, port) {
      const { https, http } = parts.supervisor?.status() ?? {}
      if (!https || !http || servingDomain(parts, host) === undefined) return null
      if (port === 443 || port === https.port) return https.port
      return port === 80 || port === http.port ? http.port : null
    },
    pac(proxyPort) {
      const domains = parts.vault.domains.list().map(({ name }) => name)
      return pacFile({ domains, proxyPort, httpPort: parts.supervisor?.status().http?.port ?? 0 })
    },
  }
}

/** Opens it where it is not, for 0 on any port; resolves with its port. */
export function openProxy(parts: EngineParts, port: number): Promise<number> {
  return parts.proxy.open(port, targetsOf(parts))
}

export function proxyView(parts: EngineParts): ProxyView {
  const port = parts.proxy.port()
  return { port, kept: keptPort(parts), pacUrl: port === null ? null : `http://127.0.0.1:${port}/proxy.pac` }
}

function keptPort({ vault }: Pick<EngineParts, 'vault'>): number | null {
  const stored = vault.settings.get(KEY)
  return portSchema.nullable().parse(JSON.parse(stored ?? 'null'))
}

/** Opens what a person had opened, where this engine serves; what stands in its way now is said in the log. */
export async function openKeptProxy(parts: EngineParts): Promise<void> {
  const port = keptPort(parts)
  if (port === null || !parts.supervisor) return
  await openProxy(parts, port).catch((error: unknown) => {
    parts.log.error({ err: error, port }, 'The proxy for browsers could not be opened')
  })
}

/**
 * Opens the endpoint on a port, now and at every start, or closes it for good. Throws `edge.port_taken`,
 * `edge.port_forbidden`.
 */
export async function setProxy(parts: EngineParts, port: number | null): Promise<ProxyView> {
  const before = keptPort(parts)
  if (parts.supervisor && port !== null) await openProxy(parts, port)
  if (port === null) parts.proxy.close()
  await commit(parts, () => {
    parts.vault.settings.set(KEY, JSON.stringify(port))
    return { record: { action: 'names.proxy', subject: 'proxy', before: { port: before }, after: { port } } }
  })
  return proxyView(parts)
}
