import { useUnsavedPorts } from '../features/issuing/acme-ports.tsx'
import { useUnsavedEdge } from '../features/settings/edge-form.tsx'
import { useAskBeforeClose } from '../ui/forms/draft.ts'

/** Makes the browser ask before the window closes with unsaved settings. */
export function useUnsavedSettingsGuard(): void {
  const edge = useUnsavedEdge((state) => state.edit)
  const ports = useUnsavedPorts((state) => state.edit)
  useAskBeforeClose(edge !== null || ports !== null)
}
