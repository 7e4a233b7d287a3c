import { useStore } from 'zustand'
import { PassphrasePrompt } from '../../ui/staging/passphrase-prompt.tsx'
import type { Inspector } from './inspector.ts'

/** Passphrase prompt; the passphrase is tried on every locked piece. */
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
