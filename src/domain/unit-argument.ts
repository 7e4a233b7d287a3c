/** Quotes an argument in a unit (systemd.service(5), "Command lines"; systemd.unit(5), "Specifiers"). */
export function unitArgument(word: string): string {
  const escaped = word.replace(/[\\"]/g, '\\$&').replace(/[%$]/g, '$&$&')
  return `"${escaped}"`
}
