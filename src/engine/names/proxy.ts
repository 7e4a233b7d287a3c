import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { longestSocketPath } from '../../contract/engine/control-address.ts'
import type { ProxyView } from '../../contract/names/names.ts'
import { openConnectEndpoint, type ConnectTargets } from './connect-endpoint.ts'
import { lookAtProxyUnit } from './proxy-unit.ts'
import { pacFile, pacType } from './pac.ts'
import { commit } from '../core/commit.ts'
import { proxyPort } from '../core/settings.ts'
import type { Core } from '../core/core.ts'
import type { NamesNeeds, ProxyNeeds } from './needs.ts'
import { hostEnvironmentOf } from '../trust/atlas.ts'
import { servingDomain } from './names.ts'

/** Served names only, on standard ports or the edge's own. */
function targetsOf(parts: Core): ConnectTargets {
  return {
    edgePort(host, port) {
      const { https, http } = parts.supervisor?.status() ?? {}
      if (!https || !http || servingDomain(parts, host) === undefined) return null
      if (port === 443 || port === https.port) return https.port
      return port === 80 || port === http.port ? http.port : null
    },
    pac: (port) => pacText(parts, port),
  }
}

/** PAC file for the present domains and a proxy on `proxyPort`. */
export function pacText({ vault, supervisor }: Core, proxyPort: number): string {
  const domains = vault.domains.list().map(({ name }) => name)
  return pacFile({ domains, proxyPort, httpPort: supervisor?.status().http?.port ?? 0 })
}

/** Socket in the home that systemd relays to; null if its path is too long. */
export function proxySocketPath({ folder }: Pick<Core, 'folder'>): string | null {
  const path = join(folder, 'proxy.sock')
  return Buffer.byteLength(path) <= longestSocketPath ? path : null
}

/** Opens the proxy on `port` (0: any), or on a socket if systemd has the port. Resolves with the port. */
export async function openProxy(parts: ProxyNeeds, port: number): Promise<number> {
  const isReserved = port !== 0 && lookAtProxyUnit(hostEnvironmentOf(parts)).port === port
  const socketPath = isReserved ? (proxySocketPath(parts) ?? undefined) : undefined
  const endpoint = await parts.proxy.open(port, () => {
    // Stale socket of a killed engine; a home has one engine only.
    if (socketPath !== undefined) rmSync(socketPath, { force: true })
    return openConnectEndpoint({ port, socketPath }, targetsOf(parts), parts.proxy.failed)
  })
  return endpoint.port
}

export function proxyView(parts: NamesNeeds): ProxyView {
  const port = parts.proxy.port
  return {
    port,
    kept: proxyPort.read(parts.vault),
    pacUrl: port === null ? null : `http://127.0.0.1:${port}/proxy.pac`,
    pacFileUrl: parts.pacFile?.url() ?? null,
    pacDataUrl: port === null ? null : pacDataUrl(pacText(parts, port)),
  }
}

/** Limit of a browser's command line. */
const longestDataUrl = 64 * 1024

function pacDataUrl(text: string): string | null {
  const url = `data:${pacType};base64,${Buffer.from(text).toString('base64')}`
  return url.length > longestDataUrl ? null : url
}

/** Reopens the proxy at start if it is set; logs a failure. */
export async function reopenProxy(parts: NamesNeeds): Promise<void> {
  const port = proxyPort.read(parts.vault)
  if (port === null || !parts.supervisor) return
  await openProxy(parts, port).catch((error: unknown) => {
    parts.log.error({ err: error, port }, 'Browser proxy start failed')
  })
  // The edge's port may have changed, and browsers read the file no matter who has the proxy's port.
  parts.pacFile?.write()
}

/**
 * Opens the endpoint on a port, now and at every start, or closes it for good.
 * @throws `edge.port_taken`, `edge.port_forbidden`
 */
export async function setProxy(parts: NamesNeeds, port: number | null): Promise<ProxyView> {
  const before = proxyPort.read(parts.vault)
  if (parts.supervisor && port !== null) await openProxy(parts, port)
  if (port === null) await parts.proxy.close()
  await commit(parts, () => {
    proxyPort.store(parts.vault, port)
    return { record: { action: 'names.proxy', subject: 'proxy', before: { port: before }, after: { port } } }
  })
  parts.pacFile?.write()
  return proxyView(parts)
}
