/** Files that the operating system opened with the desktop app, on their way from its main process to its window. */
export interface OpenedFiles {
  files: { name: string; lastModified: number; bytes: Uint8Array<ArrayBuffer> }[]
  /** Sentences about what was not read; a few at most. */
  refused: string[]
}
