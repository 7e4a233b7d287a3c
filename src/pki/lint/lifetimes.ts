import { publicLifetimeRules } from '../../domain/maximum-lifetimes.ts'
import { br } from './rule.ts'

/**
 * Maximum lifetimes of public certificates by day of issue. The last four steps are those of ballot SC-081v3;
 * 60 and 39 months count at their longest. “After 1 March 2018” means from 2 March. From April 2015, 39
 * months had exceptions that a certificate does not show.
 */
export const publicLifetimes = [
  { from: '2012-07-01', days: 1827, words: '60 months' },
  { from: '2016-07-02', days: 1188, words: '39 months' },
  { from: '2018-03-02', days: 825, words: '825 days' },
  { from: '2020-09-01', days: 398, words: '398 days' },
  ...publicLifetimeRules.map(({ from, days }) => ({ from, days, words: `${days} days` })),
]

export const lifetimesReference = br('6.3.2 (ballot SC-081v3)')

export interface LifetimeLimit {
  days: number
  seconds: number
  words: string
}

/** Before this day, the requirements did not say that the second at the end counts. */
const secondsCountFrom = Date.parse('2020-09-01')

/** Limit for a certificate issued at `time`, milliseconds since 1970; none before July 2012. */
export function lifetimeLimit(time: number): LifetimeLimit | undefined {
  const step = publicLifetimes.findLast(({ from }) => Date.parse(from) <= time)
  if (!step) return undefined
  const { days, words } = step
  return { days, words, seconds: days * 86_400 + (time < secondsCountFrom ? 1 : 0) }
}
