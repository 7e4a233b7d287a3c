import { useStore } from 'zustand'
import { PassphrasePrompt } from '../../ui/staging/passphrase-prompt.tsx'
import type { Inspector } from './inspector.ts'

/** Asks for the passphrase of what is locked; it opens everything it fits. */
export function Unlock({ inspector, what }: { inspector: Inspector; what: string }) {
  const busy = useStore(inspector.store, (state) => state.busy === 'unlocking')
  const error = useStore(inspector.store, (state) => state.unlockProblem)
  return (
    <PassphrasePrompt
      what={what}
      busy={busy}
      {...(error === null ? {} : { error })}
      onUnlock={(passphrase) => void inspector.unlock(passphrase)}
      onCancel={() => inspector.cancelUnlock()}
    />
  )
}
