import { checkDomain } from './check.ts'
import { addDomain, getDomain, listDomains, removeDomain, setOrigin, setRedirect } from './domains.ts'
import { domainHistory } from '../certificates/history.ts'
import { liveQuery } from '../core/live.ts'
import { changeTls, copyPolicies, setPolicies } from './policies.ts'
import { testOrigin } from './test-origin.ts'
import type { Procedures } from '../core/procedures.ts'

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
