import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../contract/domains/domains.ts'
import type { Policies, PolicyChanges } from '../../../../contract/domains/policies.ts'
import { useClient } from '../../../connection/engine-context.tsx'
import type { Draft } from '../../../ui/forms/draft.ts'
import { notifyDone, useCall, type Call } from '../../../ui/feedback/feedback.tsx'
import type { DraftSection } from './draft-store.ts'
import { useDraft } from './use-draft.ts'

type EditedPolicy = Extract<DraftSection, keyof Policies>

export interface PolicyDraft<S extends keyof Policies> extends Draft<NonNullable<PolicyChanges[S]>> {
  call: Call
  save(value?: NonNullable<PolicyChanges[S]>): Promise<void>
}

export function usePolicy<S extends EditedPolicy>(domain: Domain, section: S, done?: string): PolicyDraft<S> {
  const { t } = useTranslation('policies')
  const client = useClient()
  const call = useCall()
  const current = domain.policies[section] as NonNullable<PolicyChanges[S]>
  const draft = useDraft(domain.name, section, current)
  return {
    ...draft,
    call,
    async save(wanted = draft.value) {
      const policies = { [section]: wanted } as PolicyChanges
      // The engine never returns passwords, so those in the draft are always edits.
      const read = { [section]: draft.base } as Partial<Policies>
      const saved = await call.run(() =>
        client.domains.setPolicies({ domains: [domain.name], policies, read }),
      )
      if (!saved) return
      draft.saved(
        draft.value,
        (saved.domains[0]?.policies[section] ?? wanted) as NonNullable<PolicyChanges[S]>,
      )
      notifyDone(done ?? t('done'))
    },
  }
}
