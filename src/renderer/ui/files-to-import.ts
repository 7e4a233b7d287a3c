import { create } from 'zustand'

interface FilesToImport {
  files: readonly File[]
  /** Lays files ready for the import dialog, which gives them to the engine when it opens. */
  give(files: readonly File[]): void
  clear(): void
}

/** Files on their way from the Inspector to the import dialog. Only handles, as a drop would bring them. */
export const useFilesToImport = create<FilesToImport>((set) => ({
  files: [],
  give: (files) => set({ files }),
  clear: () => set({ files: [] }),
}))
