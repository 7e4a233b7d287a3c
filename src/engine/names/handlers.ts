import { proceduresFor, withParts } from '../core/procedures.ts'
import { portsStatus, retryPorts } from './ports.ts'
import { proxyView, setProxy } from './proxy.ts'
import { openSite, siteOf } from './site.ts'
import { namesStatus } from './status.ts'
import type { NamesNeeds } from './needs.ts'

const { names, ports } = proceduresFor<{ parts: NamesNeeds }>()

export const namesHandlers = {
  proxy: names.proxy.handler(withParts(proxyView)),
  setProxy: names.setProxy.handler(({ context, input }) => setProxy(context.parts, input.port)),
  site: names.site.handler(({ context, input }) => siteOf(context.parts, input.name)),
  openSite: names.openSite.handler(({ context, input }) => openSite(context.parts, input.name)),
  status: names.status.handler(({ context, input, signal }) =>
    namesStatus(context.parts, input.domains, signal),
  ),
}

export const portsHandlers = {
  status: ports.status.handler(withParts(portsStatus)),
  retry: ports.retry.handler(withParts(retryPorts)),
}
