import { br, issued, all, askForAnother, type LintRule, rfc5280 } from './rule.ts'

/** Serial numbers: predictable ones have enabled forgeries. */
export const serialRules: LintRule[] = [
  {
    id: 'serial.zero',
    severity: 'error',
    reference: rfc5280('4.1.2.2'),
    roles: issued,
    advice: 'Issue it again with a random serial number.',
    check: ({ parsed }) =>
      parsed.serial.every((octet) => octet === 0) ? 'Its serial number is zero.' : undefined,
  },
  {
    id: 'serial.negative',
    severity: 'error',
    reference: rfc5280('4.1.2.2'),
    roles: all,
    advice: 'Issue it again with a positive serial number.',
    check: ({ parsed }) => ((parsed.serial[0] ?? 0) >= 0x80 ? 'Its serial number is negative.' : undefined),
  },
  {
    id: 'serial.too_long',
    severity: 'error',
    reference: rfc5280('4.1.2.2'),
    roles: all,
    advice: 'Issue it again with a serial number of at most 20 octets.',
    check: ({ parsed: { serial } }) =>
      serial.length > 20
        ? `Its serial number has ${serial.length} octets; at most 20 are allowed.`
        : undefined,
  },
  {
    id: 'serial.low_entropy',
    severity: 'error',
    reference: br('7.1.2.7'),
    binds: 'public',
    roles: issued,
    since: '2016-09-30',
    advice: askForAnother,
    check: ({ parsed: { serial } }) =>
      serial.length < 8
        ? `Its serial number has ${serial.length * 8} bits at most; 64 random ones are needed, so that nobody can foresee it.`
        : undefined,
  },
]
