const units = ['B', 'kB', 'MB', 'GB', 'TB']

/** `312 B`, `4.1 kB`, `1.02 GB`: three digits at most. */
export function formatBytes(bytes: number): string {
  let [amount, unit] = [bytes, 0]
  while (amount >= 1000 && unit < units.length - 1) {
    amount /= 1000
    unit += 1
  }
  return `${unit === 0 ? amount : threeDigits(amount)} ${units[unit]}`
}

function threeDigits(amount: number): string {
  return amount.toFixed(amount < 10 ? 2 : amount < 100 ? 1 : 0)
}

/** `14:36:02.318`, in local time. */
export function clockTime(at: string): string {
  const date = new Date(at)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`
}
