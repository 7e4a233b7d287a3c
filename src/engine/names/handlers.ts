import type { Procedures } from '../core/procedures.ts'
import { portsStatus } from './ports.ts'
import { proxyView, setProxy } from './proxy.ts'
import { openSite, siteOf } from './site.ts'
import { namesStatus } from './status.ts'

export function namesHandlers(procedures: Procedures['names']) {
  return {
    proxy: procedures.proxy.handler(({ context }) => proxyView(context.parts)),
    setProxy: procedures.setProxy.handler(({ context, input }) => setProxy(context.parts, input.port)),
    site: procedures.site.handler(({ context, input }) => siteOf(context.parts, input.name)),
    openSite: procedures.openSite.handler(({ context, input }) => openSite(context.parts, input.name)),
    status: procedures.status.handler(({ context, input }) => namesStatus(context.parts, input.domains)),
  }
}

export function portsHandlers(procedures: Procedures['ports']) {
  return {
    status: procedures.status.handler(({ context }) => portsStatus(context.parts)),
  }
}
