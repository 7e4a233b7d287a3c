/** Single-quoted PowerShell string, in which only a doubled quote is special. */
export function literal(word: string): string {
  // PowerShell treats typographic quotes as plain ones.
  return `'${word.replaceAll(/['\u2018\u2019\u201A\u201B]/g, (quote) => quote + quote)}'`
}

/**
 * Arguments to run a script from memory: UTF-16 in Base64, so that no quoting applies. Runs no profile and
 * asks no question on an invisible console.
 */
export function encodedCommandArgs(script: string): string[] {
  const encoded = Buffer.from(script, 'utf16le').toString('base64')
  return ['-NoLogo', '-NoProfile', '-NonInteractive', '-OutputFormat', 'Text', '-EncodedCommand', encoded]
}

/** Script that stops at the first error, prints its number (HRESULT) and message, and exits with status 1. */
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

/** Independent steps: a failure of one store leaves the others alone. */
export function onePowerShellScript(parts: { title: string; commands: string }[]): string {
  const steps = parts.map(
    ({ title, commands }) =>
      `# ${title.replaceAll(/[\r\n]/g, ' ')}\ntry {\n${commands}\n} catch { [Console]::Error.WriteLine(${literal(`${title}: failed. `)} + $_.Exception.Message); $failed = 1 }`,
  )
  return [`$ErrorActionPreference = 'Stop'`, '$failed = 0', ...steps, 'exit $failed'].join('\n')
}

/** Windows' own PowerShell, relative to the system folder, which only an administrator can change. */
export const powershellPlace = 'System32/WindowsPowerShell/v1.0/powershell.exe'
