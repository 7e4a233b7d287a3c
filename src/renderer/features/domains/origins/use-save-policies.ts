import type { Domain } from '../../../../contract/domains/domains.ts'
import type { Policies, PolicySection, PolicyChanges } from '../../../../contract/domains/policies.ts'
import { useClient } from '../../../connection/engine-context.tsx'
import { notifyDone, useCall } from '../../../ui/feedback/feedback.tsx'

/** Saves policy sections of one domain and notifies. `save` resolves with true on success. */
export function useSavePolicies({ name, policies: shown }: Domain, done: string) {
  const client = useClient()
  const call = useCall()
  const save = async (policies: PolicyChanges): Promise<boolean> => {
    const answer = await call.run(() =>
      client.domains.setPolicies({ domains: [name], policies, read: only(policies, shown) }),
    )
    if (answer) notifyDone(done)
    return answer !== undefined
  }
  return { save, busy: call.busy, error: call.error }
}

function only(changes: PolicyChanges, shown: Policies): Partial<Policies> {
  const sections = Object.keys(changes) as PolicySection[]
  return Object.fromEntries(sections.map((section) => [section, shown[section]])) as Partial<Policies>
}
