import { shortDate } from '../facts/format-time.ts'
import { embeddedTimestamps, type JudgedTimestamp, type Outcome } from '../transparency/transparency.ts'
import { error, leaf, notice, publicLeaf, warning, type LintRule, type LintSubject } from './rule.ts'

const policies = 'Chrome Certificate Transparency Policy; Apple Certificate Transparency Policy (HT205280)'
const clockSkewMs = 86_400_000
const askForOthers = 'Ask the authority for one with timestamps of other logs.'

const nameOf = ({ log, logIdHex }: JudgedTimestamp): string => log?.name ?? logIdHex
const day = (time = 0): string => shortDate(time)

/** The first timestamp in one of these states, as a sentence. */
function about(sentences: Partial<Record<JudgedTimestamp['state'], (one: JudgedTimestamp) => string>>) {
  return ({ transparency }: LintSubject): string | undefined => {
    const found = transparency?.timestamps.find(({ state }) => sentences[state])
    return found && sentences[found.state]?.(found)
  }
}

const unmet: Partial<Record<Outcome, string>> = {
  'one-operator': 'All its timestamps are from logs of one operator; Chrome and Safari want two operators.',
  'no-current-log':
    'All its timestamps are from logs that have been retired; Chrome and Safari want one of a current log.',
}

export const transparencyRules: LintRule[] = [
  warning('transparency.missing', policies, publicLeaf, {
    since: '2018-10-15',
    advice:
      'Ask the authority for one with timestamps of certificate transparency logs, or have the server send them.',
    check: (subject) =>
      !subject.extension('timestamps') &&
      !subject.extension('poison') &&
      'It carries no proof that it is logged; Chrome and Safari refuse it unless the server sends one.',
  }),
  error('transparency.unreadable', 'RFC 6962, section 3.3', leaf, {
    advice: 'Ask the authority for a new one.',
    check: ({ parsed }) =>
      embeddedTimestamps(parsed)?.length === 0 &&
      'Its list of certificate transparency timestamps cannot be read or is empty.',
  }),
  warning('transparency.too_few', policies, publicLeaf, {
    since: '2022-04-15',
    advice: askForOthers,
    check: ({ transparency }) =>
      transparency?.chrome === 'too-few'
        ? `It carries timestamps of ${transparency.counted} log${transparency.counted === 1 ? '' : 's'} that count; Chrome and Safari want ${transparency.needed}.`
        : transparency && unmet[transparency.chrome],
  }),
  notice('transparency.no_rfc6962_log', policies, publicLeaf, {
    since: '2022-04-15',
    advice: askForOthers,
    check: ({ transparency }) =>
      transparency?.apple === 'no-rfc6962-log' &&
      'All its timestamps are from static-ct logs; Apple’s policy wants one of an RFC 6962 log.',
  }),
  warning('transparency.unknown_log', policies, leaf, {
    advice:
      'Such a timestamp proves nothing. A private authority has no use for the extension: leave it out.',
    check: about({
      unknown: (one) => `It carries a timestamp of a log that nobody knows (${nameOf(one)}).`,
    }),
  }),
  error('transparency.forged', 'RFC 6962, section 3.2', leaf, {
    advice: 'Ask the authority for a new one.',
    check: about({
      forged: (one) =>
        `The timestamp of the log ${nameOf(one)} was not signed by that log for this certificate.`,
      'other-interval': (one) =>
        `The log ${nameOf(one)} takes certificates that end from ${day(one.log?.ends?.from)} until before ${day(one.log?.ends?.to)}; this one does not.`,
    }),
  }),
  warning('transparency.not_counting', policies, publicLeaf, {
    advice: askForOthers,
    check: about({
      retired: (one) =>
        `Its timestamp of the log ${nameOf(one)} does not count: the log was retired on ${day(one.log?.since)}, before it.`,
      'not-accepted': (one) =>
        `Its timestamp of the log ${nameOf(one)} does not count: browsers have not accepted the log.`,
    }),
  }),
  error('transparency.after_expiry', 'RFC 6962, section 3.1', leaf, {
    advice: 'Ask the authority for a new one.',
    check: ({ parsed }) =>
      embeddedTimestamps(parsed)?.some(({ at }) => at.getTime() > parsed.notAfter + clockSkewMs) &&
      'A certificate transparency timestamp on it is later than its end.',
  }),
]
