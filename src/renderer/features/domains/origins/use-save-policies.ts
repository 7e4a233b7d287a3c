import type { Domain } from '../../../../contract/domains.ts'
import type { PolicyChanges } from '../../../../contract/policies.ts'
import { useClient } from '../../../engine/engine-context.tsx'
import { notifyDone } from '../../../ui/notify.ts'
import { useCall } from '../../../ui/use-call.ts'

/** Sets sections of one domain's policies, and says so. `save` answers whether that was done. */
export function useSavePolicies({ name }: Domain, done: string) {
  const client = useClient()
  const call = useCall()
  const save = async (policies: PolicyChanges): Promise<boolean> => {
    const answer = await call.run(() => client.domains.setPolicies({ domains: [name], policies }))
    if (answer) notifyDone(done)
    return answer !== undefined
  }
  return { save, busy: call.busy, error: call.error }
}
