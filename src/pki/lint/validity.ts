import { tags } from '../asn1/der.ts'
import { formatLifetime } from '../../domain/validity.ts'
import { lifetimeLimit } from './lifetimes.ts'
import {
  apple,
  all,
  askForAnother,
  br,
  error,
  issued,
  notice,
  privateLeaf,
  publicLeaf,
  rfc5280,
  warning,
  type LintRule,
  type LintSubject,
} from './rule.ts'

const daySeconds = 86_400
const firstOf2050 = Date.UTC(2050, 0, 1)

export const validityRules: LintRule[] = [
  error('validity.backwards', rfc5280('4.1.2.5'), all, {
    advice: 'Issue it again with an end after its begin.',
    check: ({ parsed }) =>
      parsed.notAfter < parsed.notBefore && 'It ends before it begins, so it is never valid.',
  }),
  error('validity.encoding', rfc5280('4.1.2.5'), issued, {
    advice:
      'Issue it again with a tool that writes dates until 2049 as UTCTime and later ones as GeneralizedTime.',
    check: ({ parsed: { notBefore, notAfter, timeTags } }) =>
      (isMiswritten(timeTags[0], notBefore) || isMiswritten(timeTags[1], notAfter)) &&
      'Its dates are written in the form for the other half of the century; strict clients refuse that.',
  }),
  error('validity.public_lifetime', br('6.3.2'), publicLeaf, {
    advice: 'Have it issued again with a shorter lifetime. Clients refuse it.',
    check: (subject) => {
      const limit = lifetimeLimit(subject.parsed.notBefore)
      return (
        limit &&
        subject.lifetimeSeconds > limit.seconds &&
        `It lasts ${lifetimeOf(subject, limit.seconds)}; a public certificate issued on that day may last at most ${limit.words}.`
      )
    },
  }),
  warning('validity.apple_lifetime', apple, privateLeaf, {
    since: '2019-07-02',
    advice: 'Issue it again for 825 days or less; Safari and every app on Apple devices refuse a longer one.',
    check: (subject) =>
      subject.lifetimeSeconds > 825 * daySeconds &&
      `It lasts ${lifetimeOf(subject, 825 * daySeconds)}; Apple devices accept at most 825, also under a private authority.`,
  }),
  notice('validity.no_margin', br('6.3.2'), publicLeaf, {
    since: '2020-09-01',
    advice: `Nothing to do now; an authority should leave a day of margin. ${askForAnother}`,
    check: ({ lifetimeSeconds, parsed }) => {
      const limit = lifetimeLimit(parsed.notBefore)
      const over = limit && lifetimeSeconds > limit.seconds - daySeconds && lifetimeSeconds <= limit.seconds
      return over && 'It uses the longest life allowed, to the last day.'
    },
  }),
]

const isMiswritten = (tag: number, time: number): boolean => (tag === tags.utcTime) === time >= firstOf2050

/** Both ends of a validity count (6.3.2), so a limit may be passed by no more than the second at the end. */
function lifetimeOf(
  { lifetimeSeconds, parsed: { notBefore, notAfter } }: LintSubject,
  limit: number,
): string {
  const isBySecond = lifetimeSeconds === limit + 1
  return `${formatLifetime(notBefore, notAfter)}${isBySecond ? ', and the second at its end counts too' : ''}`
}
