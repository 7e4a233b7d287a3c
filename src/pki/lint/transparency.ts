import { shortDate } from '../facts/format-time.ts'
import { embeddedTimestamps, type JudgedTimestamp } from '../transparency/transparency.ts'
import { error, leaf, notice, publicLeaf, warning, type LintRule, type LintSubject } from './rule.ts'

const policies = 'Chrome Certificate Transparency Policy; Apple Certificate Transparency Policy (HT205280)'
const applePolicy = 'Apple Certificate Transparency Policy (HT205280)'
const clockSkewMs = 86_400_000
const askForOthers = 'Request a certificate with SCTs of other logs.'

/** Rule about single timestamps; `say` completes a sentence about the first. */
function about(state: JudgedTimestamp['state'], say: (one: JudgedTimestamp, listDay: string) => string) {
  return ({ transparency }: LintSubject): string | undefined => {
    const found = transparency?.timestamps.find((one) => one.state === state)
    return found && transparency ? say(found, shortDate(transparency.listAt)) : undefined
  }
}

const nameOf = ({ log, logIdHex }: JudgedTimestamp): string => log?.name ?? logIdHex

export const transparencyRules: LintRule[] = [
  warning('transparency.missing', policies, publicLeaf, {
    since: '2018-10-15',
    advice: 'Request a certificate with embedded SCTs, or have the server send them.',
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
    advice: 'Request a certificate with SCTs of more logs.',
    check: ({ transparency }) =>
      transparency?.chrome === 'too-few' &&
      `It carries timestamps of ${transparency.counted} log${transparency.counted === 1 ? '' : 's'} that count; Chrome and Safari want ${transparency.needed}.`,
  }),
  warning('transparency.one_operator', policies, publicLeaf, {
    since: '2022-04-15',
    advice: askForOthers,
    check: ({ transparency }) =>
      transparency?.chrome === 'one-operator' &&
      `All its timestamps are from logs of ${transparency.timestamps[0]?.log?.operator ?? 'one operator'}; Chrome and Safari want two operators.`,
  }),
  warning('transparency.no_current_log', policies, publicLeaf, {
    since: '2022-04-15',
    advice: askForOthers,
    check: ({ transparency }) =>
      transparency?.chrome === 'no-current-log' &&
      'All its timestamps are from logs that have been retired; Chrome and Safari want one of a current log.',
  }),
  notice('transparency.no_rfc6962_log', applePolicy, publicLeaf, {
    since: '2022-04-15',
    advice: askForOthers,
    check: ({ transparency }) =>
      transparency?.apple === 'no-rfc6962-log' &&
      'All its timestamps are from static-ct logs; Apple’s policy wants one of an RFC 6962 log.',
  }),
  warning('transparency.unknown_log', policies, leaf, {
    advice:
      'Such a timestamp proves nothing. A private authority has no use for the extension: leave it out.',
    check: about(
      'unknown',
      (one, day) =>
        `It carries a timestamp of a log that nobody knows (${nameOf(one)}, not in the list of ${day}).`,
    ),
  }),
  error('transparency.forged', 'RFC 6962, section 3.2', leaf, {
    advice: 'Ask the authority for a new one.',
    check: about(
      'forged',
      (one) => `The timestamp of the log ${nameOf(one)} was not signed by that log for this certificate.`,
    ),
  }),
  error('transparency.other_interval', 'RFC 6962; the log’s temporal interval', leaf, {
    advice: askForOthers,
    check: about('other-interval', (one) => {
      const { from = 0, to = 0 } = one.log?.ends ?? {}
      return `The log ${nameOf(one)} takes certificates that end from ${shortDate(from)} until before ${shortDate(to)}; this one does not.`
    }),
  }),
  warning('transparency.retired_log', policies, publicLeaf, {
    advice: askForOthers,
    check: about(
      'retired',
      (one) =>
        `Its timestamp of the log ${nameOf(one)} does not count: the log was retired on ${shortDate(one.log?.since ?? 0)}, before it.`,
    ),
  }),
  warning('transparency.unaccepted_log', policies, publicLeaf, {
    advice: askForOthers,
    check: about(
      'not-accepted',
      (one) => `Its timestamp of the log ${nameOf(one)} does not count: browsers have not accepted the log.`,
    ),
  }),
  error('transparency.after_expiry', 'RFC 6962, section 3.1', leaf, {
    advice: 'Ask the authority for a new one.',
    check: ({ parsed }) => {
      const end = parsed.notAfter + clockSkewMs
      return (
        embeddedTimestamps(parsed)?.some(({ at }) => at.getTime() > end) &&
        'A certificate transparency timestamp on it is later than its end.'
      )
    },
  }),
]
