import { type Flags, type OptionsOf, keys } from '../../frame/declare.ts'
import { type Session, type Result, usageError } from '../../frame/command.ts'
import { acmeParametersOf, acmeFlags } from '../../flags/acme.ts'
import { moment } from '../../output/times.ts'
import { formatRenewal } from '../../output/format-renewal.ts'

const renewalFlags = {
  '--acme <account>': 'renew it with this ACME account from now on',
  ...acmeFlags,
  '--remind <days>': 'only remind you this many days before it expires',
  '--default': 'back to the default',
} as const satisfies Flags
type RenewalOptions = OptionsOf<typeof renewalFlags>

export const setRenewalCommand = keys('renewal <ref> [off]', {
  summary: 'show or set how a certificate is renewed',
  about:
    'Show how a certificate is renewed, or set it: with an ACME account from now on, only with a reminder some days before it expires, or not at all (off), so that you can see it expire.',
  flags: renewalFlags,
  examples: [
    'cert renewal shop.example --acme "Let’s Encrypt"',
    'cert renewal bank.example --remind 30',
    'cert renewal api.test off',
    'cert renewal api.test --default',
  ],
  run: setRenewal,
})

async function setRenewal(
  { client }: Session,
  reference: string,
  off: string | undefined,
  options: RenewalOptions,
): Promise<Result> {
  const found = await client.certificates.find({ reference })
  const method = methodFrom(off, options)
  const certificate = method === undefined ? found : await client.renewal.set({ id: found.id, wish: method })
  return {
    data: { certificate },
    text:
      method?.by === 'off'
        ? `${certificate.name}: renewal is off. It expires on ${moment(certificate.notAfter)}, and clients refuse it from then on. To turn it on again: edgekeep cert renewal ${reference} --default`
        : `${certificate.name}: renewal ${formatRenewal(certificate.renewal)}.`,
  }
}

/** Undefined: no change, show only. */
function methodFrom(off: string | undefined, options: RenewalOptions) {
  const { acme, remind, default: byDefault } = options
  if (off !== undefined && off !== 'off') throw usageError(`After the certificate comes "off", not "${off}".`)
  if ([acme, remind, byDefault, off].filter((each) => each !== undefined).length > 1)
    throw usageError('Give one of --acme, --remind, --default and off.')
  if (off) return { by: 'off' } as const
  if (byDefault) return null
  if (acme !== undefined) return { by: 'acme', account: acme, ...acmeParametersOf(options) } as const
  if (remind === undefined) return undefined
  const days = /^\d{1,3}$/.test(remind) ? Number(remind) : 0
  if (days < 1 || days > 365) throw usageError('--remind takes 1 to 365 days.')
  return { by: 'reminder', days } as const
}
