import { create } from 'zustand'
import type { EdgeSettings } from '../../../contract/edge-settings.ts'
import { useAskBeforeClose } from '../../ui/use-ask-before-close.ts'

/** What was changed of the edge's settings and is not saved: still there on coming back to the page. */
interface EdgeDraft {
  draft: Partial<EdgeSettings>
  set(draft: Partial<EdgeSettings>): void
}

export const useEdgeDraft = create<EdgeDraft>((set) => ({
  draft: {},
  set: (draft) => set({ draft }),
}))

/** Has the browser ask before the window closes over them. */
export function useEdgeDraftGuard(): void {
  useAskBeforeClose(useEdgeDraft((state) => Object.keys(state.draft).length > 0))
}
