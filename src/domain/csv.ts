/**
 * Line of CSV (RFC 4180). A value that a spreadsheet would take for a formula gets an apostrophe first: names in
 * certificates come from strangers (https://owasp.org/www-community/attacks/CSV_Injection).
 */
export function csvLine(values: readonly (string | number)[]): string {
  return values.map(csvValue).join(',')
}

function csvValue(value: string | number): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
