import type { Replaced, Replacement } from '../../../../contract/certificates/records.ts'

export interface ReplacementForm {
  type: 'vault' | 'upload'
  certificateId: string | null
  /** Excluded domains. */
  without: readonly string[]
  allOrNothing: boolean
  /** Keeps certificates that the swap would delete. */
  keepOld: boolean
}

export const initialForm: ReplacementForm = {
  type: 'vault',
  certificateId: null,
  without: [],
  allOrNothing: false,
  keepOld: false,
}

/** Replacement chosen in the form; null if missing or unsuitable. */
export function replacementOf(
  form: ReplacementForm,
  staged: { stagingId: string | null; ready: boolean },
  keep: boolean,
): Replacement | null {
  if (form.type === 'vault')
    return form.certificateId === null ? null : { type: 'vault', certificateId: form.certificateId }
  if (!staged.ready || staged.stagingId === null) return null
  return { type: 'upload', stagingId: staged.stagingId, keep }
}

export function countReplaced({ domains }: Replaced): number {
  return domains.filter(({ outcome }) => outcome === 'replaced').length
}
