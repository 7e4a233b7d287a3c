import type { UsagePrice, UsageStep } from '../../../contract/usage/usage.ts'

/** `1.2M`. */
export function formatCompact(value: number, locale: string): string {
  return new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 }).format(value)
}

/** Cost of `charged` requests in the price's currency; small sums have more decimals. */
export function formatCost(charged: number, price: UsagePrice, locale: string): string {
  const cost = (charged / 10_000) * price.per10000
  const maximumFractionDigits = cost > 0 && cost < 0.1 ? 4 : 2
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: price.currency,
    maximumFractionDigits,
  }).format(cost)
}

/**
 * Start of a step: time of day, with the date if `withDay`; the date alone for days, by the calendar of
 * `zone`. Includes the time zone for an hour that occurs twice when the clocks change.
 */
export function formatStep(
  at: string,
  step: UsageStep,
  locale: string,
  { withDay = false, zone: timeZone }: { withDay?: boolean; zone?: string } = {},
): string {
  const day = { day: 'numeric', month: 'short' } as const
  const zone = isShownTwice(new Date(at)) ? ({ timeZoneName: 'short' } as const) : {}
  const time = { hour: '2-digit', minute: '2-digit', ...zone } as const
  const form = step === 'day' ? { ...day, timeZone } : withDay ? { ...day, ...time } : time
  return new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, form).format(new Date(at))
}

/** True if the clocks are set back at `time`, by up to an hour. */
function isShownTwice(time: Date): boolean {
  const hourMs = 3_600_000
  const around = [-hourMs, hourMs].map((ms) => new Date(time.getTime() + ms))
  return around.some((other) => {
    const setBackMs = (other.getTimezoneOffset() - time.getTimezoneOffset()) * 60_000
    const twin = new Date(time.getTime() + setBackMs)
    return setBackMs !== 0 && twin.getHours() === time.getHours() && twin.getMinutes() === time.getMinutes()
  })
}

/** Smallest round number at or above `value` whose quarters are also round. */
export function roundAbove(value: number): number {
  if (value <= 12) return Math.max(4, Math.ceil(value / 4) * 4)
  const power = 10 ** Math.floor(Math.log10(value))
  const digit = [1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10].find((each) => each * power >= value) ?? 10
  return digit * power
}

/** Indexes of evenly spaced labels, at most `most`, including the first step. */
export function labelled(count: number, most: number): number[] {
  const every = Math.max(1, Math.ceil(count / most))
  return Array.from({ length: Math.ceil(count / every) }, (_, at) => at * every)
}
