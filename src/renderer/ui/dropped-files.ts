import { create } from 'zustand'

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
