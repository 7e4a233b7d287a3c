import { create } from 'zustand'

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
