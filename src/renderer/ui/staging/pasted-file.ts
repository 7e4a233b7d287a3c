/** What reading pasted or dropped text may yield: PEM, or base64 of DER. */
const looksLikePem = /-----BEGIN [A-Z0-9 ]+-----/

/**
 * The files a paste or drop carries. Text becomes a file at once: what is pasted may be a private
 * key, and a key's text belongs neither in the document nor in any state, so it travels only as an
 * opaque handle from here to the engine.
 */
export function filesOfTransfer(transfer: DataTransfer | null, pastedName: string): File[] {
  if (!transfer) return []
  if (transfer.files.length > 0) return [...transfer.files]
  const text = transfer.getData('text/plain')
  return text.trim() === '' ? [] : [fileOfText(text, pastedName)]
}

/** `text` as a file called `name`. */
export function fileOfText(text: string, name: string): File {
  return new File([text], name, { type: 'text/plain' })
}

/**
 * Whether text that arrived by another way than a paste (dictation, a password manager, an
 * automation tool) is a whole PEM block and so may be taken like a paste. Typing never is.
 */
export function isWholePem(text: string | null): text is string {
  return text !== null && looksLikePem.test(text)
}
