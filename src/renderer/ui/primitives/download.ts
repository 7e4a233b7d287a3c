/** Saves `text` with the browser's download. */
export function downloadText(fileName: string, mediaType: string, text: string): void {
  saveBlob(fileName, new Blob([text], { type: mediaType }))
}

/** Saves the answer of `certificates.export`, whose content is base64. */
export function downloadBase64(file: { fileName: string; mediaType: string; contentBase64: string }): void {
  const bytes = Uint8Array.from(atob(file.contentBase64), (character) => character.charCodeAt(0))
  saveBlob(file.fileName, new Blob([bytes], { type: file.mediaType }))
}

export function saveBlob(fileName: string, blob: Blob): void {
  const address = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = address
  link.download = fileName
  link.click()
  // The download reads the URL after this call returns.
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
