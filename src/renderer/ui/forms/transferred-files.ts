import { inputLimitFiles, inputLimitBytes } from '../../../contract/shared/input-limit.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'

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

/**
 * Files of a paste or drop. Text becomes a file at once: it may be a private key, whose text belongs neither
 * in the document nor in any state, so it travels to the engine as an opaque handle.
 */
export function filesOrText(transfer: DataTransfer, pastedName: string): Promise<File[]> {
  const text = transfer.getData('text/plain')
  // A file manager adds the files' paths as text.
  if (transfer.files.length > 0) return filesFromTransfer(transfer)
  return Promise.resolve(text.trim() === '' ? [] : [fileOfText(text, pastedName)])
}

export function fileOfText(text: string, name: string): File {
  return new File([text], name, { type: 'text/plain' })
}

/**
 * True for a PEM block. Text that arrives by another way than a paste (dictation, password manager,
 * automation) is then handled like one. Typed text never is.
 */
export function isPem(text: string | null): text is string {
  return text !== null && /-----BEGIN [A-Z0-9 ]+-----/.test(text)
}

/** @throws `input.too_large` for a single oversized file, else for the total size */
export function refuseTooLarge(files: readonly File[]): void {
  const large = files.find((file) => file.size > inputLimitBytes)
  const sizeBytes = large?.size ?? files.reduce((sum, file) => sum + file.size, 0)
  if (sizeBytes <= inputLimitBytes) return
  throw new EdgekeepError('input.too_large', {
    ...(large ? { place: { file: large.name } } : {}),
    sizeBytes,
    limitBytes: inputLimitBytes,
  })
}
