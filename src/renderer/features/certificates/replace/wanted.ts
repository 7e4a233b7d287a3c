import type { Replaced, Replacement } from '../../../../contract/records.ts'

/** What a person has chosen so far. */
export interface Wish {
  type: 'vault' | 'upload'
  certificateId: string | null
  /** Domains that are left alone. */
  without: readonly string[]
  allOrNothing: boolean
  /** What the change would erase stays in My certificates. */
  keepOld: boolean
}

export const firstWish: Wish = {
  type: 'vault',
  certificateId: null,
  without: [],
  allOrNothing: false,
  keepOld: false,
}

/** What would take the certificate's place; null while that is not chosen or not fit. */
export function replacementOf(
  wish: Wish,
  staged: { stagingId: string | null; ready: boolean },
  keep: boolean,
): Replacement | null {
  if (wish.type === 'vault')
    return wish.certificateId === null ? null : { type: 'vault', certificateId: wish.certificateId }
  if (!staged.ready || staged.stagingId === null) return null
  return { type: 'upload', stagingId: staged.stagingId, keep }
}

/** How many domains would have the other certificate. */
export function countReplaced({ domains }: Replaced): number {
  return domains.filter(({ outcome }) => outcome === 'replaced').length
}
