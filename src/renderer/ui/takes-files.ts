import { useEffect, useRef } from 'react'
import { create } from 'zustand'
import { useLocked } from './use-locked.ts'

type Take = (files: File[]) => void

/** Handler of the current page for dropped files; null: the Inspector opens them. */
export const useFileTaker = create<{ take: Take | null }>(() => ({ take: null }))

/** Receives files dropped on the window while mounted and the vault is unlocked. */
export function useTakesFiles(take: Take): void {
  const locked = useLocked() !== null
  const latest = useRef(take)
  useEffect(() => {
    latest.current = take
  })
  useEffect(() => {
    if (locked) return
    const mine: Take = (files) => latest.current(files)
    useFileTaker.setState({ take: mine })
    return () => {
      if (useFileTaker.getState().take === mine) useFileTaker.setState({ take: null })
    }
  }, [locked])
}
