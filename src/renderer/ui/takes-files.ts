import { useEffect, useRef } from 'react'
import { create } from 'zustand'
import { useLocked } from './use-locked.ts'

type Take = (files: File[]) => void

/** The page that wants what is dropped on the window; null: the Inspector opens it. */
export const useFileTaker = create<{ take: Take | null }>(() => ({ take: null }))

/** While this is mounted and the vault is open, files dropped on the window come here. */
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
