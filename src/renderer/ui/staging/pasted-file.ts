import { filesFromTransfer } from '../files-from-transfer.ts'

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
