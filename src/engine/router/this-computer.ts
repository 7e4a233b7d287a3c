import { trustAtlas } from '../trust/atlas.ts'
import { applyTrust, planTrust } from '../trust/change.ts'
import { trustEnvironment } from '../trust/env.ts'
import { proveTrust } from '../trust/prove.ts'
import { provePage } from '../trust/prove-page.ts'
import type { Procedures } from './procedures.ts'
import { proxyView, setProxy } from '../names/proxy.ts'
import { openSite, siteOf } from '../names/site.ts'
import { namesStatus } from '../names/status.ts'
import { portsStatus } from '../names/ports.ts'
import { applySetup, planSetup } from '../setup/setup.ts'

export function trustHandlers(procedures: Procedures['trust']) {
  return {
    status: procedures.status.handler(({ context }) => trustAtlas(context.parts)),
    plan: procedures.plan.handler(({ context, input }) => planTrust(context.parts, input)),
    apply: procedures.apply.handler(async function* ({ context, input, signal }) {
      yield* applyTrust(context.parts, input, signal)
    }),
    prove: procedures.prove.handler(async function* ({ context, input, signal }) {
      yield* proveTrust(context.parts, input.clients, signal)
    }),
    provePage: procedures.provePage.handler(async function* ({ context, signal }) {
      yield* provePage(context.parts, signal)
    }),
    env: procedures.env.handler(({ context }) => trustEnvironment(context.parts)),
  }
}

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

export function setupHandlers(procedures: Procedures['setup']) {
  return {
    plan: procedures.plan.handler(({ context, input }) => planSetup(context.parts, input)),
    apply: procedures.apply.handler(async function* ({ context, input, signal }) {
      yield* applySetup(context.parts, input, signal)
    }),
  }
}
