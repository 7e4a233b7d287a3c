import { proxyView, setProxy } from '../services/names/proxy.ts'
import { openSite, siteOf } from '../services/names/site.ts'
import { namesStatus } from '../services/names/status.ts'
import type { Procedures } from './procedures.ts'

export function namesHandlers(procedures: Procedures['names']) {
  return {
    proxy: procedures.proxy.handler(({ context }) => proxyView(context.parts)),
    setProxy: procedures.setProxy.handler(({ context, input }) => setProxy(context.parts, input.port)),
    site: procedures.site.handler(({ context, input }) => siteOf(context.parts, input.name)),
    openSite: procedures.openSite.handler(({ context, input }) => openSite(context.parts, input.name)),
    status: procedures.status.handler(({ context, input }) => namesStatus(context.parts, input.domains)),
  }
}
