import {
  daysWhenIssued,
  type LifetimeAuthority,
  lifetimeSteps,
  validationEnds,
  validationReuseRules,
} from '../../domain/maximum-lifetimes.ts'
import type { LifetimeForecast, RenewedBy } from '../../contract/issuing/renewal-calendar.ts'
import { renewAfter } from '../renewal-schedule/renewal-times.ts'

const dayMs = 86_400_000
const daysPerYear = 365

export interface Foreseen {
  certificate: LifetimeForecast['certificate']
  by: RenewedBy
  authority: LifetimeAuthority
  /** ACME profile of its orders. */
  profile: string | null
  /** Lifetime of the present certificate. */
  lifeDays: number
}

export interface Renewal {
  at: number
  lifeDays: number
}

/** The renewal at `at` (milliseconds since 1970) under the rules of that day. */
export function renewalAt({ lifeDays, authority, profile }: Foreseen, at: number): Renewal {
  return { at, lifeDays: daysWhenIssued(lifeDays, at, lifetimeSteps(authority, profile)) }
}

/** The next renewal, after two thirds of the lifetime. */
export function renewalAfter(foreseen: Foreseen, { at, lifeDays }: Renewal): Renewal {
  return renewalAt(foreseen, at + lifeDays * renewAfter * dayMs)
}

export function forecastOf(foreseen: Foreseen, now: Date): LifetimeForecast {
  const { certificate, by, authority, profile, lifeDays } = foreseen
  const steps = lifetimeSteps(authority, profile)
  let days = renewalAt(foreseen, now.getTime()).lifeDays
  const stages = [{ from: now.toISOString().slice(0, 10), ...rateOf(by, days) }]
  for (const { from } of steps.filter((step) => Date.parse(step.from) > now.getTime())) {
    const next = daysWhenIssued(lifeDays, Date.parse(from), steps)
    if (next < days) stages.push({ from, ...rateOf(by, next) })
    days = next
  }
  const needsPerson = stages.length > 1 && (by === 'reminder' || by === 'nobody')
  return { certificate, by, authority, stages, needsPerson, meaning: meaningOf(foreseen, stages) }
}

/** Automatic renewals come at two thirds of the lifetime, manual ones at its end. */
function rateOf(by: RenewedBy, lifeDays: number): { lifeDays: number; perYear: number } {
  const isByPerson = by === 'reminder' || by === 'nobody'
  const perYear = daysPerYear / (isByPerson ? lifeDays : lifeDays * renewAfter)
  return { lifeDays: Math.round(lifeDays * 100) / 100, perYear: Math.max(1, Math.ceil(perYear - 0.05)) }
}

type Stages = LifetimeForecast['stages']

function meaningOf({ authority, by }: Foreseen, stages: Stages): string {
  const [, ...changes] = stages
  const isByPerson = by === 'reminder' || by === 'nobody'
  if (authority === 'private') {
    const who = by === 'local' ? 'The local authority issues it' : 'No public authority issued it'
    return `${who}, so the rules for public certificates do not apply.`
  }
  if (changes.length === 0) return 'It lasts no longer than the known rules will allow.'
  const lives = changes.map(({ from, lifeDays }) => `${lifeDays} days from ${from}`).join(', ')
  const most = authority === 'lets-encrypt' ? 'New ones will live' : 'New ones may live at most'
  if (!isByPerson) return `${most} ${lives}. It renews automatically, so there is nothing for you to do.`
  const rates = changes.map(({ from, perYear }) => `${perYear} times a year from ${from}`).join(', ')
  return `${most} ${lives}. You would have to replace it ${rates}; let an ACME account renew it instead. ${validations(changes)}`
}

/** Proofs of control over the names, which a person gives to the authority. */
function validations([first]: Stages): string {
  const reuse = validationReuseRules.filter(({ from }) => first && from >= first.from)
  const days = reuse.map((rule) => `${rule.days} days from ${rule.from}`).join(', ')
  return `A proof that the names are yours will count for ${days}; by phone it ends on ${validationEnds.phone}, by e-mail on ${validationEnds.email}.`
}
