const units = ['B', 'kB', 'MB', 'GB', 'TB']

/** `312 B`, `4.1 kB`, `16.8 MB` everywhere: decimal units, as usual for disks and networks. */
export function formatSize(bytes: number, locale = 'en'): string {
  let [size, unit] = [bytes, 0]
  while (size >= 999.95 && unit < units.length - 1) {
    size /= 1000
    unit += 1
  }
  const digits = unit === 0 ? 0 : 1
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: false }
  return `${size.toLocaleString(locale, options)} ${units[unit]}`
}
