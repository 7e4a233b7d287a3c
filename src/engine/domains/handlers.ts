import { sentEvent } from '../../contract/domains/listed-domain.ts'
import { checkDomain } from './check.ts'
import { addDomain, getDomain, listDomains, removeDomain, setOrigin, setRedirect } from './domains.ts'
import { domainHistory } from '../certificates/history.ts'
import { liveQuery } from '../core/live.ts'
import { changeTls, copyPolicies, setPolicies } from './policies.ts'
import { testOrigin } from './probe-origin.ts'
import { proceduresFor } from '../core/procedures.ts'
import { tagDomains } from './tags.ts'
import type { DomainNeeds } from './needs.ts'

const { domains } = proceduresFor<{ parts: DomainNeeds }>()

export const domainHandlers = {
  list: domains.list.handler(({ context, input }) => [...listDomains(context.parts, input.filters)]),
  get: domains.get.handler(({ context, input }) => getDomain(context.parts, input.domain)),
  watch: domains.watch.handler(async function* ({ context: { parts }, signal }) {
    for await (const event of liveQuery(() => listDomains(parts), parts.topics.domains, signal))
      yield sentEvent(event)
  }),
  add: domains.add.handler(({ context, input }) => addDomain(context.parts, input.name, input.origin)),
  setOrigin: domains.setOrigin.handler(({ context, input }) =>
    setOrigin(context.parts, input.domain, input.origin, input.read),
  ),
  setRedirect: domains.setRedirect.handler(({ context, input }) => setRedirect(context.parts, input)),
  setPolicies: domains.setPolicies.handler(({ context, input }) =>
    setPolicies(context.parts, input.domains, input.policies, input.read),
  ),
  changeTls: domains.changeTls.handler(({ context, input }) =>
    changeTls(context.parts, input.domains, input.tls),
  ),
  copyPolicies: domains.copyPolicies.handler(({ context, input }) =>
    copyPolicies(context.parts, input.from, input.to, input.sections),
  ),
  tag: domains.tag.handler(({ context, input }) => tagDomains(context.parts, input.domains, input)),
  remove: domains.remove.handler(({ context, input }) => removeDomain(context.parts, input.domain)),
  testOrigin: domains.testOrigin.handler(({ context, input }) =>
    testOrigin(context.parts, input.domain, input.origin),
  ),
  history: domains.history.handler(({ context, input }) => domainHistory(context.parts, input.domain)),
  check: domains.check.handler(({ context, input }) => checkDomain(context.parts, input.domain)),
}
