import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../contract/domains.ts'
import type { Policies, PolicyChanges } from '../../../../contract/policies.ts'
import { useClient } from '../../../engine/engine-context.tsx'
import { notifyDone } from '../../../ui/notify.ts'
import { useCall, type Call } from '../../../ui/use-call.ts'

/** What of a section is being changed on a domain's page, as far as it is not saved. */
export interface PolicyDraft<S extends keyof Policies> {
  value: NonNullable<PolicyChanges[S]>
  changed: boolean
  call: Call
  change(value: NonNullable<PolicyChanges[S]>): void
  save(value?: NonNullable<PolicyChanges[S]>): Promise<void>
}

/** Until something is changed here, a section shows what is in effect. */
export function usePolicy<S extends keyof Policies>(domain: Domain, section: S): PolicyDraft<S> {
  const { t } = useTranslation('policies')
  const client = useClient()
  const call = useCall()
  const [draft, setDraft] = useState<NonNullable<PolicyChanges[S]> | null>(null)
  const current = domain.policies[section] as NonNullable<PolicyChanges[S]>
  const value = draft ?? current
  return {
    value,
    call,
    changed: JSON.stringify(value) !== JSON.stringify(current),
    change: setDraft,
    async save(wanted = value) {
      const policies = { [section]: wanted } as PolicyChanges
      const done = await call.run(() => client.domains.setPolicies({ domains: [domain.name], policies }))
      if (!done) return
      setDraft(null)
      notifyDone(t('done'))
    },
  }
}
