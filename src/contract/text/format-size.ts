const units = ['B', 'kB', 'MB', 'GB', 'TB']

/** `312 B`, `4.1 kB`, `16.8 MB`: decimal units, as usual for disks and networks. */
export function formatSize(bytes: number): string {
  let [size, unit] = [bytes, 0]
  while (size >= 999.95 && unit < units.length - 1) {
    size /= 1000
    unit += 1
  }
  return `${unit === 0 ? size : size.toFixed(1)} ${units[unit]}`
}
