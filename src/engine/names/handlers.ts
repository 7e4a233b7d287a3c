import { implement, proceduresFor } from '../core/procedures.ts'
import { portsStatus, retryPorts } from './ports.ts'
import { proxyView, setProxy } from './proxy.ts'
import { openSite, siteOf } from './site.ts'
import { namesStatus } from './status.ts'
import type { NamesNeeds } from './needs.ts'

const { names, ports } = proceduresFor<{ parts: NamesNeeds }>()

export const namesHandlers = implement(names, {
  proxy: proxyView,
  setProxy: (parts, input) => setProxy(parts, input.port),
  site: (parts, input) => siteOf(parts, input.name),
  openSite: (parts, input) => openSite(parts, input.name),
  status: (parts, input, signal) => namesStatus(parts, input.domains, signal),
})

export const portsHandlers = implement(ports, {
  status: portsStatus,
  retry: retryPorts,
})
