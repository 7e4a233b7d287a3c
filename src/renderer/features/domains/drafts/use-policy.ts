import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../contract/domains/domains.ts'
import type { Policies, PolicyChanges, PolicySection } from '../../../../contract/domains/policies.ts'
import { type Draft, draftOf, type PutDraft, type StoredDraft } from '../../../ui/forms/draft.ts'
import { notifyDone, useCall, type Call } from '../../../ui/feedback/feedback.tsx'
import { type DraftSection, useDrafts } from './draft-store.ts'

type EditedPolicy = Extract<DraftSection, keyof Policies>

interface PolicyDraft<S extends keyof Policies> extends Draft<NonNullable<PolicyChanges[S]>> {
  call: Call
  save(value?: NonNullable<PolicyChanges[S]>): Promise<void>
}

export function usePolicy<S extends EditedPolicy>(domain: Domain, section: S, done?: string): PolicyDraft<S> {
  const { t } = useTranslation('policies')
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
      const saved = await call.run((client) =>
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

export function useDraft<T>(domain: string, section: DraftSection, current: T): Draft<T> {
  const stored = useDrafts((state) => state.byDomain.get(domain)?.get(section))
  const put = useDrafts((state) => state.put)
  return draftOf({
    stored: (stored as StoredDraft<T> | undefined) ?? null,
    current,
    section,
    put: (next) => put(domain, section, next as Parameters<PutDraft<unknown>>[0]),
  })
}

/** Saves policy sections of one domain and notifies. `save` resolves with true on success. */
export function useSavePolicies({ name, policies: shown }: Domain, done: string) {
  const call = useCall()
  const save = async (policies: PolicyChanges): Promise<boolean> => {
    const answer = await call.run((client) =>
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
