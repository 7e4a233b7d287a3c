import { type Flags, type OptionsOf, answer, facts, group } from '../../frame/declare.ts'
import { readableName } from '../../../contract/text/readable-name.ts'
import type { UsageCounts, UsagePrice, UsageReport, UsageStep } from '../../../contract/usage/usage.ts'
import { formatSize } from '../../../contract/text/format-size.ts'
import { type Session, type Result, usageError } from '../../frame/command.ts'
import { table } from '../../output/format.ts'
import { withEngine } from '../../session.ts'
import { momentIn } from '../../output/times.ts'

const usageFlags = {
  '--domain <name>': 'one domain only',
  '--from <time>': 'start day or time (2026-11-01, 2026-11-01T08:00)',
  '--to <time>': 'end day or time, inclusive (default: now)',
  '--step <step>': { about: 'minute (kept for 2 days), hour (90 days) or day (5 years)', default: 'day' },
  '--csv': 'print one comma-separated line for each step and domain',
} as const satisfies Flags
type UsageOptions = OptionsOf<typeof usageFlags>

export const usageCommands = group('usage', 'what the edge has served, and what that costs', [
  facts('show', {
    isDefault: true,
    about: 'Show requests, bytes and responses by domain, and what the charged requests cost.',
    flags: usageFlags,
    examples: ['usage show --from 2026-11-01', 'usage --domain shop.test --step hour --csv'],
    run: show,
  }),
  answer('price [amount] [currency]', {
    about: 'Show or set the price of 10,000 charged requests; "none" removes it.',
    examples: ['usage price 0.05 EUR'],
    run: (global, amount?: string, currency?: string) =>
      withEngine(
        global,
        async ({ client }) => {
          if (amount === undefined) return priceResult(await client.usage.price())
          return priceResult(await client.usage.setPrice({ price: priceOf(amount, currency) }))
        },
        amount === undefined ? 'facts' : 'keys',
      ),
  }),
])

async function show({ client }: Session, options: UsageOptions): Promise<Result> {
  const step = stepOf(options.step)
  // Noon is on the same calendar day in the engine's time zone, which may be another one.
  const [begin, end] = step === 'day' ? ['T12:00', 'T12:00'] : ['T00:00', 'T23:59:59']
  const period = {
    step,
    domain: options.domain,
    ...(options.from === undefined ? {} : { from: timeOf('--from', options.from, begin) }),
    ...(options.to === undefined ? {} : { to: timeOf('--to', options.to, end) }),
  }
  if (options.csv) {
    const { text } = await client.usage.csv(period)
    return { data: { csv: text }, text, isDocument: true }
  }
  const usage = await client.usage.query(period)
  return { data: { usage }, text: formatUsage(usage) }
}

function formatUsage({ from, to, zone, domains, total, price }: UsageReport): string {
  const period = `${momentIn(zone, from)} to ${momentIn(zone, to)}`
  if (domains.length === 0) return `Nothing was served from ${period}.`
  const header = ['DOMAIN', 'HTTP', 'HTTPS', 'CHARGED', 'IN', 'OUT', '4XX', '5XX', 'P50 MS', 'P99 MS']
  const rows = [
    ...domains.map((each) => cells(readableName(each.domain ?? '(no domain here)'), each)),
    ...(domains.length > 1 ? [cells('All', total)] : []),
  ]
  return [`From ${period}`, table(header, rows), formatCost(total.charged, price)].join('\n')
}

function cells(
  name: string,
  { http, https, charged, bytesIn, bytesOut, answers, latencyMs }: UsageCounts,
): string[] {
  return [
    name,
    ...[http, https, charged].map(String),
    formatSize(bytesIn),
    formatSize(bytesOut),
    ...[answers.clientError, answers.serverError].map(String),
    latencyMs ? latencyMs.p50.toFixed(1) : '',
    latencyMs ? latencyMs.p99.toFixed(1) : '',
  ]
}

function formatCost(charged: number, price: UsagePrice | null): string {
  if (!price) return 'No price is set; "edgekeep usage price 0.05 EUR" sets that of 10,000 charged requests.'
  const cost = (charged / 10_000) * price.per10000
  return `${charged} charged requests at ${price.per10000} ${price.currency} for 10,000: ${cost.toFixed(2)} ${price.currency}`
}

function priceResult(price: UsagePrice | null): Result {
  const text = price
    ? `10,000 charged requests cost ${price.per10000} ${price.currency}.`
    : 'No price is set.'
  return { data: { price }, text }
}

function priceOf(amount: string, currency: string | undefined): UsagePrice | null {
  if (amount === 'none' && currency === undefined) return null
  const per10000 = /^\d+(\.\d+)?$/.test(amount) ? Number(amount) : NaN
  if (Number.isNaN(per10000) || !/^[A-Z]{3}$/.test(currency ?? '')) {
    throw usageError('A price is an amount and a currency of three capital letters (0.05 EUR), or "none".')
  }
  return { per10000, currency: currency ?? '' }
}

function stepOf(text: string): UsageStep {
  if (text === 'minute' || text === 'hour' || text === 'day') return text
  throw usageError(`--step ${text} is not a step; give minute, hour or day.`)
}

/** A date means local time, at `timeOfDay`. */
function timeOf(option: string, text: string, timeOfDay: string): string {
  const time = new Date(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}${timeOfDay}` : text)
  if (!/^\d{4}-/.test(text) || Number.isNaN(time.getTime())) {
    throw usageError(
      `${option} ${text} is not a time; give a day (2026-11-01) or a moment (2026-11-01T08:00).`,
    )
  }
  return time.toISOString()
}
