import { group, keys } from '../../frame/declare.ts'
import type { CertificateSource } from '../../../contract/domains/domains.ts'
import { readableName } from '../../../contract/text/readable-name.ts'
import {
  confirmRelease,
  confirmSwap,
  problemSentences,
  refusalOf,
  acceptWorseFlag,
  type ErasureOptions,
  type WorseOptions,
} from '../../flags/confirmation.ts'
import { type Result, type Session, usageError } from '../../frame/command.ts'
import { type PassphraseOptions, passwordFlag, passwordStdinFlag } from '../../input/passphrase.ts'
import { formatEffect, formatHttps, formatImpact } from '../../output/format.ts'
import type { Client } from '../../../client/client.ts'
import { doneOf } from '../../../client/done-of.ts'
import { type AcmeOptions, acmeFlags, acmeParametersOf } from '../../flags/acme.ts'
import { stageFiles } from '../../input/staging.ts'
import { isForMany, oneOrMany, type TargetOptions, targetFlags } from '../../bulk/targets.ts'
import { type OnManyOptions, pauseMany, releaseMany, turnOnMany } from './https-many.ts'
import {
  uploadFlag,
  nameFlag,
  keepFlag,
  keepOldFlag,
  requireUpload,
  type UploadOptions,
} from '../../flags/upload.ts'
import type { ObtainEvent } from '../../../contract/acme/acme.ts'
import { takenNameSentence } from '../../../domain/certificate-title.ts'
import { showProgress } from '../../output/progress.ts'
import { formatOrderState } from '../../output/format-renewal.ts'

interface Swap {
  source: CertificateSource
  keepOld?: boolean
}

interface OnOptions extends PassphraseOptions, UploadOptions, AcmeOptions, ErasureOptions, WorseOptions {
  acme?: string
  cert?: string
  free?: boolean
  names?: string[]
  keepOld?: boolean
  dryRun?: boolean
}

export const httpsCommands = group('https', 'HTTPS of a domain', [
  keys('on [domain...]', {
    summary: 'turn HTTPS on, resume it, or swap the certificate',
    about:
      'Turn HTTPS on, resume it, or swap the certificate. A swap applies from the next handshake. It keeps the previous certificate to roll back to; what it would erase, the one before that, is shown and asked about first. Many domains get the best matching certificate of the vault, or else a free one; a CSV file can name one for each in its column "certificate".',
    flags: {
      ...targetFlags(),
      ...acceptWorseFlag,
      '--acme <account>': 'get a certificate with this ACME account, and renew it',
      ...acmeFlags,
      '--cert <ref>': 'a certificate in the vault, by name, ID or start of its SHA-256 fingerprint',
      ...uploadFlag,
      '--free': 'create a certificate with the local authority',
      '--names <name...>': 'more names for the --free or --acme certificate',
      ...nameFlag,
      ...keepFlag,
      ...keepOldFlag,
      ...passwordFlag,
      ...passwordStdinFlag,
    },
    examples: [
      'https on shop.test --upload fullchain.pem privkey.pem',
      'https on shop.test --cert "shop 2026"',
      'https on shop.test --free --names www.shop.test api.shop.test',
      'https on shop.example --acme "Let’s Encrypt" --challenge tls-alpn-01',
      'https on shop.test                 resume what was paused',
      'https on a.test b.test             with the best certificates of the vault, or free ones',
      'https on --file domains.csv --dry-run',
    ],
    run: (session, names: string[], options: OnOptions & OnManyOptions) =>
      isForMany(names, options)
        ? turnOnMany(session, names, options)
        : turnOn(session, names[0] ?? '', options),
  }),
  keys('rollback <domain>', {
    about: 'Roll back to the certificate before the last swap.',
    flags: acceptWorseFlag,
    examples: ['https rollback shop.test'],
    run: (session, domain: string, options: WorseOptions) =>
      enable(session, domain, { source: { type: 'previous' } }, options),
  }),
  keys('pause [domain...]', {
    about: 'Stop serving HTTPS and keep the certificate and key.',
    flags: targetFlags(),
    examples: ['https pause shop.test', 'https pause --tag eu'],
    run: oneOrMany(pause, pauseMany),
  }),
  keys('off [domain...]', {
    summary: 'turn HTTPS off and erase the certificate and key',
    about:
      'Turn HTTPS off and erase the certificate and key, unless another domain uses them or they are kept. Shows what will be erased and asks first.',
    flags: targetFlags(),
    examples: ['https off shop.test', 'https off shop.test --yes', 'https off --file domains.txt --dry-run'],
    run: oneOrMany(turnOff, (session, names, options) =>
      releaseMany(session, names, { ...options, act: 'httpsOff' }),
    ),
  }),
])

async function turnOn(session: Session, domain: string, options: OnOptions): Promise<Result> {
  const { cert, upload, free, acme } = options
  const given = [cert !== undefined, upload !== undefined, free === true, acme !== undefined].filter(Boolean)
  if (given.length > 1) {
    throw usageError('Give one of --cert, --upload, --free and --acme.')
  }
  requireUpload(options)
  if (options.names && !free && acme === undefined) {
    throw usageError('--names is for --free and --acme: other certificates have the names they have.')
  }
  if (acme !== undefined) return order(session, domain, { ...options, acme })
  const source = await chosenSource(session, domain, options)
  const swap = { source, keepOld: options.keepOld }
  try {
    if (options.dryRun) return await preview(session, domain, swap, options)
    return await enable(session, domain, swap, options)
  } finally {
    if (source.type === 'upload') await session.client.staging.discard({ stagingId: source.stagingId })
  }
}

async function order(session: Session, name: string, options: Obtaining & OnOptions): Promise<Result> {
  if (options.dryRun)
    throw usageError(
      'An order cannot be tried without placing it. Try it at a test server: --directory letsencrypt-staging.',
    )
  const { names = [] } = options
  const acceptWorse = await confirmSwap(session, name, { ...options, source: { type: 'order', names } })
  return formatServed(await obtain(session, name, { ...options, acceptWorse }))
}

async function chosenSource(
  { client }: Session,
  domain: string,
  options: OnOptions,
): Promise<CertificateSource> {
  if (options.free) return { type: 'free', names: options.names }
  if (options.cert !== undefined) {
    const { id } = await client.certificates.find({ reference: options.cert })
    return { type: 'vault', certificateId: id }
  }
  if (options.upload) {
    const { stagingId } = await stageFiles(client, options.upload, options, domain)
    return { type: 'upload', stagingId, name: options.name, keep: options.keep ?? false }
  }
  const { https } = await client.domains.get({ domain })
  if (https.certificate) return { type: 'current' }
  throw usageError('Say which certificate: --free, --acme ACCOUNT, --upload CERTIFICATE KEY, or --cert REF.')
}

async function enable(
  session: Session,
  domain: string,
  swap: Swap,
  { yes, acceptWorse, name }: ErasureOptions & WorseOptions & Pick<UploadOptions, 'name'>,
): Promise<Result> {
  const isAccepted = await confirmSwap(session, domain, { ...swap, yes, acceptWorse })
  const served = await session.client.https.enable({ domain, ...swap, acceptWorse: isAccepted })
  const { data, text } = formatServed(served)
  const note = takenNameSentence(name, served.domain.https.certificate?.name ?? '')
  const refusals = swap.source.type === 'free' ? [] : await refusalsOf(session, domain)
  return { data: { ...data, refusals }, text: [`${text} ${note}`.trimEnd(), ...refusals].join('\n') }
}

/** Reasons why browsers of this computer refuse the certificate, as setup finds them. */
async function refusalsOf({ client }: Session, domain: string): Promise<string[]> {
  const { steps } = await client.setup.plan({
    ...{ action: 'install', dryRun: true },
    parts: ['https'],
    domains: [domain],
  })
  return steps.flatMap(({ store, obstacle }) =>
    obstacle && store.startsWith('https:') ? [`! ${obstacle.sentence}`] : [],
  )
}

function formatServed({
  domain,
  effect,
  impact,
  erased,
}: Awaited<ReturnType<Client['https']['enable']>>): Result {
  const gone = erased.length > 0 ? `\nErased, with its key: ${erased.join(', ')}.` : ''
  const text = `${domain.displayName}: HTTPS ${stateFirst(formatHttps(domain))}. ${formatEffect(effect)}${formatImpact(impact)}${gone}`
  return { data: { domain, effect, impact, erased }, text }
}

/** Lowercases the state for use within a sentence; the certificate's name is unchanged. */
function stateFirst(text: string): string {
  return text.replace(/^(?:On|Off|Paused)/, (state) => state.toLowerCase())
}

async function preview(
  { client }: Session,
  name: string,
  swap: Swap,
  options: WorseOptions,
): Promise<Result> {
  const planned = await client.https.preview({ domain: name, ...swap })
  const { certificate, impact, problems, erased } = planned
  const what = certificate ? `"${certificate.name}"` : 'a new free certificate'
  const gone =
    erased.length > 0 ? `\nWould be erased, with its key: ${erased.join(', ')}. --keep-old keeps it.` : ''
  const worse = problemSentences(problems).map((sentence) => `\n${sentence}`)
  const no = refusalOf(certificate?.name ?? name, problems, options)
  const outcome = no ? `would stay as it is: ${what} would be refused` : `would be served with ${what}`
  const text = `${readableName(name)} ${outcome}.${formatImpact(impact)}${gone}${worse.join('')}\nNothing was changed.`
  return { data: { ...planned }, text, no }
}

async function pause({ client }: Session, name: string): Promise<Result> {
  const { domain, effect } = await client.https.pause({ domain: name })
  const text = `${domain.displayName}: HTTPS is paused; certificate and key are kept. ${formatEffect(effect)}`
  return { data: { domain, effect }, text }
}

async function turnOff(session: Session, name: string, { yes }: TargetOptions): Promise<Result> {
  const { client } = session
  const before = await client.domains.get({ domain: name })
  if (before.https.state !== 'off')
    await confirmRelease(session, before, { act: `Turn HTTPS off for ${before.displayName}`, yes })
  const { domain, effect, erased, kept } = await client.https.disable({ domain: name })
  const text = `${domain.displayName}: HTTPS is off. ${formatErased(erased, kept)} ${formatEffect(effect)}`
  return { data: { domain, effect, erased, kept }, text }
}

function formatErased(erased: string[], kept: string[]): string {
  const gone = erased.length ? `Erased, with its key: ${erased.join(', ')}.` : 'Nothing was erased.'
  return kept.length ? `${gone} Still in the vault: ${kept.join(', ')}.` : gone
}

interface Obtaining extends AcmeOptions, WorseOptions {
  acme: string
  names?: string[]
  keepOld?: boolean
}

async function obtain(
  { client }: Session,
  domain: string,
  options: Obtaining,
): Promise<Extract<ObtainEvent, { type: 'done' }>> {
  const { acme, names = [], keepOld = false, acceptWorse = false } = options
  const events = client.acme.obtain({
    domain,
    names,
    account: acme,
    wish: acmeParametersOf(options),
    keepOld,
    acceptWorse,
  })
  try {
    return await doneOf(events, (state) => showProgress(formatOrderState(state)))
  } finally {
    showProgress('')
  }
}
