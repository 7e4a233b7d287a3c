import { readSctList, type SignedCertificateTimestamp } from '../x509/sct-list.ts'
import { error, leaf, publicLeaf, warning, type LintRule, type LintSubject } from './rule.ts'

const chromePolicy =
  'Chrome Certificate Transparency Policy; Apple Certificate Transparency Policy (HT205280)'
const halfYearSeconds = 180 * 86_400
const clockSkewMs = 86_400_000

function timestamps({ extension }: LintSubject): SignedCertificateTimestamp[] | undefined {
  const list = extension('timestamps')
  if (!list) return undefined
  try {
    return readSctList(list.value)
  } catch {
    return []
  }
}

export const transparencyRules: LintRule[] = [
  warning('transparency.missing', chromePolicy, publicLeaf, {
    since: '2018-10-15',
    advice:
      'Ask the authority for one with timestamps of certificate transparency logs, or have the server send them.',
    check: (subject) =>
      timestamps(subject) === undefined &&
      !subject.extension('poison') &&
      'It carries no proof that it is logged; Chrome and Safari refuse it unless the server sends one.',
  }),
  error('transparency.unreadable', 'RFC 6962, section 3.3', leaf, {
    advice: 'Ask the authority for a new one.',
    check: (subject) =>
      timestamps(subject)?.length === 0 &&
      'Its list of certificate transparency timestamps cannot be read or is empty.',
  }),
  warning('transparency.too_few', chromePolicy, publicLeaf, {
    since: '2022-04-15',
    advice: 'Ask the authority for one with timestamps of more logs.',
    check: (subject) => {
      const logs = new Set(timestamps(subject)?.map(({ logIdHex }) => logIdHex))
      const needed = subject.lifetimeSeconds > halfYearSeconds ? 3 : 2
      return (
        logs.size > 0 &&
        logs.size < needed &&
        `It carries timestamps of ${logs.size} log${logs.size === 1 ? '' : 's'}; Chrome and Safari want ${needed}.`
      )
    },
  }),
  error('transparency.after_expiry', 'RFC 6962, section 3.1', leaf, {
    advice: 'Ask the authority for a new one.',
    check: (subject) => {
      const end = subject.parsed.notAfter + clockSkewMs
      return (
        timestamps(subject)?.some(({ at }) => at.getTime() > end) &&
        'A certificate transparency timestamp on it is later than its end.'
      )
    },
  }),
]
