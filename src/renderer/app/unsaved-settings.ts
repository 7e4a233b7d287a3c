import { useUnsavedPorts } from '../features/issuing/acme-ports.tsx'
import { useUnsavedEdge } from '../features/settings/edge-form.tsx'
import { useAskBeforeClose } from '../ui/use-ask-before-close.ts'

/** Has the browser ask before the window closes over settings that are not saved. */
export function useUnsavedSettingsGuard(): void {
  const edge = useUnsavedEdge((state) => state.edit)
  const ports = useUnsavedPorts((state) => state.edit)
  useAskBeforeClose(edge !== null || ports !== null)
}
