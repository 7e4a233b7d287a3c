import { create } from 'zustand'

/** Whether the offer was put off: it comes again with the next start of the window, as long as it is wanted. */
export const useOffered = create<{ isPutOff: boolean }>(() => ({ isPutOff: false }))

export function putOff(): void {
  useOffered.setState({ isPutOff: true })
}
