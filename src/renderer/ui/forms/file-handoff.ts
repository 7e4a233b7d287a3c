import { create } from 'zustand'
import { useEffect, useRef } from 'react'
import { useLocked } from '../primitives/change-controls.tsx'

interface DroppedFiles {
  files: File[]
  /** Passes files to the Inspector: dropped outside a dialog, or opened with the app. */
  give(files: File[]): void
  /** Returns and clears the files. */
  take(): File[]
}

/** Files on their way to the Inspector. Only handles: the engine alone parses the content. */
export const useDroppedFiles = create<DroppedFiles>((set, get) => ({
  files: [],
  give: (files) => set({ files: [...get().files, ...files] }),
  take: () => {
    const { files } = get()
    if (files.length > 0) set({ files: [] })
    return files
  },
}))

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

interface FilesToImport {
  files: readonly File[]
  /** Queues files for the import dialog, which uploads them to the engine when it opens. */
  give(files: readonly File[]): void
  clear(): void
}

/** Files on their way from the Inspector to the import dialog. Only handles. */
export const useFilesToImport = create<FilesToImport>((set) => ({
  files: [],
  give: (files) => set({ files }),
  clear: () => set({ files: [] }),
}))
