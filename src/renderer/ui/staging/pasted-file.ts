import { filesFromTransfer } from '../files-from-transfer.ts'

/**
 * The files a paste or drop carries. Text becomes a file at once: what is pasted may be a private
 * key, and a key's text belongs neither in the document nor in any state, so it travels only as an
 * opaque handle from here to the engine.
 */
export function filesOrText(transfer: DataTransfer, pastedName: string): Promise<File[]> {
  const text = transfer.getData('text/plain')
  // A file manager's copy carries the files' paths as text beside the files themselves.
  if (transfer.files.length > 0) return filesFromTransfer(transfer)
  return Promise.resolve(text.trim() === '' ? [] : [fileOfText(text, pastedName)])
}

/** `text` as a file called `name`. */
export function fileOfText(text: string, name: string): File {
  return new File([text], name, { type: 'text/plain' })
}

/**
 * Whether text that arrived by another way than a paste (dictation, a password manager, an
 * automation tool) is a PEM block and so is taken like a paste. Typing never is.
 */
export function isPem(text: string | null): text is string {
  return text !== null && /-----BEGIN [A-Z0-9 ]+-----/.test(text)
}
