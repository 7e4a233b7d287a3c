/** Quotes an argument in a unit (systemd.service(5), "Command lines"; systemd.unit(5), "Specifiers"). */
export function unitArgument(word: string): string {
  return unitProgram(word).replaceAll('$', '$$$$')
}

/** Quotes the program of a command line, in which systemd expands specifiers but no variables. */
export function unitProgram(path: string): string {
  const escaped = path.replace(/[\\"]/g, '\\$&').replaceAll('%', '%%')
  return `"${escaped}"`
}
