/** Passphrase of a field that may stay empty. The field is cleared, so that the page does not keep it. */
export function takePassphrase(field: HTMLInputElement | null): { passphrase?: string } {
  const passphrase = field?.value
  if (!field || !passphrase) return {}
  field.value = ''
  return { passphrase }
}
