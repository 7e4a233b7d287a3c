import { create } from 'zustand'

interface DroppedFiles {
  files: File[]
  /** Hands files to the Inspector: a drop anywhere outside a dialog comes here, and what is opened with the app. */
  give(files: File[]): void
  /** Takes what was handed over; the next call finds nothing. */
  take(): File[]
}

/** Files on their way to the Inspector. Only handles: their content is read by the engine alone. */
export const useDroppedFiles = create<DroppedFiles>((set, get) => ({
  files: [],
  give: (files) => set({ files: [...get().files, ...files] }),
  take: () => {
    const { files } = get()
    if (files.length > 0) set({ files: [] })
    return files
  },
}))
