import { checkDomain } from '../domains/check.ts'
import {
  addDomain,
  getDomain,
  listDomains,
  removeDomain,
  setOrigin,
  setRedirect,
} from '../domains/domains.ts'
import { domainHistory } from '../certificates/history.ts'
import { liveQuery } from '../core/live.ts'
import { changeTls, copyPolicies, setPolicies } from '../domains/policies.ts'
import { testOrigin } from '../domains/test-origin.ts'
import type { Procedures } from './procedures.ts'
import { disableHttps, enableHttps, pauseHttps, previewHttps } from '../https/https.ts'

export function domainHandlers(procedures: Procedures['domains']) {
  return {
    list: procedures.list.handler(({ context }) => listDomains(context.parts)),
    get: procedures.get.handler(({ context, input }) => getDomain(context.parts, input.domain)),
    watch: procedures.watch.handler(async function* ({ context: { parts }, signal }) {
      yield* liveQuery(() => listDomains(parts), parts.topics.domains, signal)
    }),
    add: procedures.add.handler(({ context, input }) => addDomain(context.parts, input.name, input.origin)),
    setOrigin: procedures.setOrigin.handler(({ context, input }) =>
      setOrigin(context.parts, input.domain, input.origin, input.read),
    ),
    setRedirect: procedures.setRedirect.handler(({ context, input }) =>
      setRedirect(context.parts, input.domain, input.redirect, input.read),
    ),
    setPolicies: procedures.setPolicies.handler(({ context, input }) =>
      setPolicies(context.parts, input.domains, input.policies, input.read),
    ),
    changeTls: procedures.changeTls.handler(({ context, input }) =>
      changeTls(context.parts, input.domains, input.tls),
    ),
    copyPolicies: procedures.copyPolicies.handler(({ context, input }) =>
      copyPolicies(context.parts, input.from, input.to, input.sections),
    ),
    remove: procedures.remove.handler(({ context, input }) => removeDomain(context.parts, input.domain)),
    testOrigin: procedures.testOrigin.handler(({ context, input }) =>
      testOrigin(context.parts, input.domain, input.origin),
    ),
    history: procedures.history.handler(({ context, input }) => domainHistory(context.parts, input.domain)),
    check: procedures.check.handler(({ context, input }) => checkDomain(context.parts, input.domain)),
  }
}

export function httpsHandlers(procedures: Procedures['https']) {
  return {
    enable: procedures.enable.handler(({ context: { parts, staging }, input }) =>
      enableHttps(parts, staging, input.domain, input),
    ),
    preview: procedures.preview.handler(({ context: { parts, staging }, input }) =>
      previewHttps(parts, staging, input.domain, input),
    ),
    pause: procedures.pause.handler(({ context, input }) => pauseHttps(context.parts, input.domain)),
    disable: procedures.disable.handler(({ context, input }) => disableHttps(context.parts, input.domain)),
  }
}
