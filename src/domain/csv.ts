/**
 * Table as CSV (RFC 4180). A cell that a spreadsheet would run as a formula gets an apostrophe in front, as
 * names of certificates are foreign text (OWASP, "CSV Injection").
 */
export function csvOf(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [header, ...rows].map((row) => `${row.map(cellOf).join(',')}\n`).join('')
}

function cellOf(text: string): string {
  const guarded = /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text
  return /[",;\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded
}
