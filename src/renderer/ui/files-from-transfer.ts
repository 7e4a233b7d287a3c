import { inputLimitFiles } from '../../contract/shared/input-limit.ts'

/** Files of a drop or paste, including those in dropped folders (at most 1000). */
export async function filesFromTransfer(transfer: DataTransfer): Promise<File[]> {
  // Entries must be read before the first await, which empties the transfer.
  const entries = Array.from(transfer.items, (item) => item.webkitGetAsEntry()).filter(
    (entry) => entry !== null,
  )
  if (entries.length === 0) return Array.from(transfer.files).slice(0, inputLimitFiles)
  const files: File[] = []
  for (const entry of entries) await collect(entry, files)
  return files
}

async function collect(entry: FileSystemEntry, files: File[]): Promise<void> {
  if (files.length >= inputLimitFiles) return
  if (isFile(entry)) {
    files.push(await new Promise<File>((resolve, reject) => entry.file(resolve, reject)))
  } else if (isFolder(entry)) {
    for (const child of await childrenOf(entry)) await collect(child, files)
  }
}

/** `readEntries` returns at most 100 entries per call, and none at the end. */
async function childrenOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    )
    if (some.length === 0 || all.length >= inputLimitFiles) return all
    all.push(...some)
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile
}
function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory
}
