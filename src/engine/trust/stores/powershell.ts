/** A word of a PowerShell script, whatever is in it: nothing is read within single quotes but a doubled one. */
export function literal(word: string): string {
  // PowerShell takes the typographic quotes for the plain one.
  return `'${word.replaceAll(/['\u2018\u2019\u201A\u201B]/g, (quote) => quote + quote)}'`
}

/**
 * What PowerShell is started with for a script that is no file: as UTF-16 in Base64, so that no quote of it is read on
 * the way. Neither a profile of the person is run nor a question asked on a console that nobody sees.
 */
export function encodedWords(script: string): string[] {
  const encoded = Buffer.from(script, 'utf16le').toString('base64')
  return ['-NoLogo', '-NoProfile', '-NonInteractive', '-OutputFormat', 'Text', '-EncodedCommand', encoded]
}

/** A script whose first error ends it, is said as its number (HRESULT) and its words, and makes its status 1. */
export function guardedScript(lines: readonly string[]): string {
  return [
    `$ErrorActionPreference = 'Stop'`,
    'try {',
    ...lines,
    '} catch {',
    '$fault = $_.Exception; while ($fault.InnerException) { $fault = $fault.InnerException }',
    `[Console]::Error.WriteLine(('0x{0:X8} ' -f $fault.HResult) + $fault.Message); exit 1`,
    '}',
  ].join('\n')
}

/** Each store's commands on their own, so that one that fails leaves the others alone. */
export function onePowerShellScript(parts: { title: string; commands: string }[]): string {
  const steps = parts.map(
    ({ title, commands }) =>
      `# ${title.replaceAll(/[\r\n]/g, ' ')}\ntry {\n${commands}\n} catch { [Console]::Error.WriteLine(${literal(`${title}: failed. `)} + $_.Exception.Message); $failed = 1 }`,
  )
  return [`$ErrorActionPreference = 'Stop'`, '$failed = 0', ...steps, 'exit $failed'].join('\n')
}

/** Windows' own PowerShell below its folder, which only an administrator can change. */
export const powershellPlace = 'System32/WindowsPowerShell/v1.0/powershell.exe'
