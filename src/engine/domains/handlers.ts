import { sentEvent } from '../../contract/domains/listed-domain.ts'
import { checkDomain } from './check.ts'
import { addDomain, getDomain, listDomains, removeDomain, setOrigin, setRedirect } from './domains.ts'
import { domainHistory } from '../certificates/history.ts'
import { liveQuery } from '../core/live.ts'
import { changeTls, copyPolicies, setPolicies } from './policies.ts'
import { testOrigin } from './probe-origin.ts'
import { implement, proceduresFor } from '../core/procedures.ts'
import { tagDomains } from './tags.ts'
import type { DomainNeeds } from './needs.ts'

const { domains } = proceduresFor<{ parts: DomainNeeds }>()

export const domainHandlers = implement(domains, {
  list: (parts, input) => [...listDomains(parts, input.filters)],
  get: (parts, input) => getDomain(parts, input.domain),
  async *watch(parts, input, signal) {
    for await (const event of liveQuery(() => listDomains(parts), parts.topics.domains, signal))
      yield sentEvent(event)
  },
  add: (parts, input) => addDomain(parts, input.name, input.origin),
  setOrigin: (parts, input) => setOrigin(parts, input.domain, input.origin, input.read),
  setRedirect,
  setPolicies: (parts, input) => setPolicies(parts, input.domains, input.policies, input.read),
  changeTls: (parts, input) => changeTls(parts, input.domains, input.tls),
  copyPolicies: (parts, input) => copyPolicies(parts, input.from, input.to, input.sections),
  tag: (parts, input) => tagDomains(parts, input.domains, input),
  remove: (parts, input) => removeDomain(parts, input.domain),
  testOrigin: (parts, input) => testOrigin(parts, input.domain, input.origin),
  history: (parts, input) => domainHistory(parts, input.domain),
  check: (parts, input) => checkDomain(parts, input.domain),
})
