/** `999`, `10,000`: with the separators of a language, English for what is not translated. */
export function formatNumber(number: number, language = 'en'): string {
  // Most counts are small, and the first number that is formatted takes milliseconds.
  return Number.isInteger(number) && Math.abs(number) < 1000
    ? String(number)
    : number.toLocaleString(language)
}

/** `1 second`, `2,000 seconds`. */
export function count(number: number, thing: string): string {
  return `${formatNumber(number)} ${thing}${number === 1 ? '' : 's'}`
}
