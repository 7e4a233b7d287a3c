import { tags } from '../asn1/der.ts'
import { lifetimeLimit } from './lifetimes.ts'
import { all, askForAnother, br, issued, leaf, type LintRule, rfc5280 } from './rule.ts'
import type { LintSubject } from './subject.ts'

const daySeconds = 86_400
const firstOf2050 = Date.UTC(2050, 0, 1)

export const validityRules: LintRule[] = [
  {
    id: 'validity.backwards',
    severity: 'error',
    reference: rfc5280('4.1.2.5'),
    roles: all,
    advice: 'Issue it again with an end after its begin.',
    check: ({ parsed }) =>
      parsed.notAfter < parsed.notBefore ? 'It ends before it begins, so it is never valid.' : undefined,
  },
  {
    id: 'validity.encoding',
    severity: 'error',
    reference: rfc5280('4.1.2.5'),
    roles: issued,
    advice:
      'Issue it again with a tool that writes dates until 2049 as UTCTime and later ones as GeneralizedTime.',
    check: ({ notBefore, notAfter, parsed }) =>
      isMiswritten(notBefore.tag, parsed.notBefore) || isMiswritten(notAfter.tag, parsed.notAfter)
        ? 'Its dates are written in the form for the other half of the century; strict clients refuse that.'
        : undefined,
  },
  {
    id: 'validity.public_lifetime',
    severity: 'error',
    reference: br('6.3.2'),
    binds: 'public',
    roles: leaf,
    advice: 'Have it issued again with a shorter lifetime. Clients refuse it.',
    check: (subject) => {
      const limit = lifetimeLimit(subject.parsed.notBefore)
      return limit && subject.lifetimeSeconds > limit.seconds
        ? `It lasts ${daysOf(subject)} days; a public certificate issued on that day may last at most ${limit.words}.`
        : undefined
    },
  },
  {
    id: 'validity.apple_lifetime',
    severity: 'warning',
    reference: 'Apple, Requirements for trusted certificates in iOS 13 and macOS 10.15 (HT210176)',
    binds: 'private',
    roles: leaf,
    since: '2019-07-02',
    advice: 'Issue it again for 825 days or less; Safari and every app on Apple devices refuse a longer one.',
    check: (subject) =>
      subject.lifetimeSeconds > 825 * daySeconds
        ? `It lasts ${daysOf(subject)} days; Apple devices accept at most 825, also under a private authority.`
        : undefined,
  },
  {
    id: 'validity.no_margin',
    severity: 'notice',
    reference: br('6.3.2'),
    binds: 'public',
    roles: leaf,
    since: '2020-09-01',
    advice: `Nothing to do now; an authority should leave a day of margin. ${askForAnother}`,
    check: ({ lifetimeSeconds, parsed }) => {
      const limit = lifetimeLimit(parsed.notBefore)
      const over = limit && lifetimeSeconds > limit.seconds - daySeconds && lifetimeSeconds <= limit.seconds
      return over ? 'It uses the longest life allowed, to the last day.' : undefined
    },
  },
]

const isMiswritten = (tag: number, time: number): boolean => (tag === tags.utcTime) === time >= firstOf2050

function daysOf({ lifetimeSeconds }: LintSubject): number {
  return Math.ceil(lifetimeSeconds / daySeconds)
}
