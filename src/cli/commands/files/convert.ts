import { type Flags, type OptionsOf, answer } from '../../frame/declare.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import type { Intake } from '../../../pki/intake/intake.ts'
import { formatSize } from '../../../contract/text/format-size.ts'
import { type Result, usageError } from '../../frame/command.ts'
import { askPassphrase, askPassphraseAt, passwordFlag } from '../../input/passphrase.ts'
import { writeOutput } from '../../input/files.ts'
import { completeFlag } from '../../flags/judging.ts'
import { completed, openGiven, questionOf, unreadIn } from './given-files.ts'
import { openingProgress } from '../../output/progress.ts'
import { warnIfGuessable } from '../../input/vault-passphrase.ts'
import { stdinLine } from '../../input/stdin-line.ts'

const convertFlags = {
  '--to <format>': {
    about: 'pem: leaf and intermediates; der: the leaf; p7b: the chain; p12: chain and key',
    choices: ['pem', 'der', 'p7b', 'p12'],
    isRequired: true,
  },
  '--out <file>': { about: 'where to write', isRequired: true },
  ...completeFlag,
  ...passwordFlag,
  '--password-stdin': 'read the input’s passphrase from standard input',
  '--new-password <passphrase>': 'passphrase for the p12 (visible to other processes on this computer)',
  '--new-password-stdin': 'read the p12’s passphrase from the next line of standard input',
} as const satisfies Flags
type ConvertOptions = OptionsOf<typeof convertFlags>

export const convertCommand = answer('convert <file...>', {
  summary: 'convert certificates to another format, offline',
  about:
    'Convert the certificates in files to another format, cleaned up and in order. Offline. p12 includes the key from these files; keys in the vault stay there.',
  flags: convertFlags,
  examples: [
    'convert windows.pfx --to pem --out shop.pem',
    'convert shop.crt shop.key --to p12 --out shop.p12',
  ],
  run: (_global, paths: string[], options: ConvertOptions) => convert(paths, options),
})

async function convert(paths: string[], options: ConvertOptions): Promise<Result> {
  if (options.to !== 'p12' && (options.newPassword !== undefined || options.newPasswordStdin))
    throw usageError(`A new passphrase goes with --to p12: a ${options.to} file holds no key.`)
  const passphrase = options.passwordStdin ? stdinLine() : options.password
  const { files, ...opened } = await openGiven(paths, passphrase)
  using intake = opened.intake
  await unlockByAsking(intake, passphrase)
  const [unread] = unreadIn(intake, files).unread
  if (unread) throw unread
  if (options.complete) await completed(intake, await questionOf({}))
  const bytes = await converted(intake, options)
  writeOutput(options.out, bytes, options.to === 'p12' ? 'secret' : 'public')
  const fixes = intake.report.fixes.map(({ message }) => message)
  const text = [`Wrote ${options.out} (${formatSize(bytes.length)}).`, ...fixes].join('\n')
  return {
    data: { written: options.out, sizeBytes: bytes.length, fixes: intake.report.fixes },
    text,
  }
}

async function unlockByAsking(intake: Intake, given: string | undefined): Promise<void> {
  if (given !== undefined) return
  const { unlockIntake } = await import('../../../pki/intake/opening.ts')
  for (const { id, kind, locked, place } of intake.report.pieces) {
    if (kind !== 'archive' || !locked) continue
    await unlockIntake(intake, id, await askPassphraseAt(place), openingProgress())
  }
}

async function converted(
  intake: Intake,
  { to, newPassword, newPasswordStdin }: ConvertOptions,
): Promise<Uint8Array> {
  if (to === 'p12') {
    const passphrase = newPasswordStdin
      ? stdinLine()
      : (newPassword ?? (await askPassphrase('the new archive', '--new-password-stdin')))
    if (!passphrase) throw usageError('An archive with a key needs a passphrase.')
    await warnIfGuessable(passphrase)
    return archive(intake, passphrase)
  }
  const { toP7b, toPem } = await import('../../../pki/formats/convert.ts')
  const chain = chainOf(intake)
  if (to === 'p7b') return toP7b(chain)
  if (to === 'der') return chain[0] as Uint8Array
  return Buffer.from(chain.map((der) => toPem(der)).join(''))
}

async function archive(intake: Intake, passphrase: string): Promise<Uint8Array> {
  const { toPkcs12 } = await import('../../../pki/formats/pkcs12-write.ts')
  const { chainDer: chain, ...material } = intake.servable()
  using key = material.keyPem
  return await toPkcs12({ chain, keyPem: key.bytes, passphrase })
}

/** The first chain, leaf first, no root; else every certificate in input order. */
function chainOf(intake: Intake): Uint8Array[] {
  const certificates = intake.certificates()
  const [bundle] = intake.report.bundles
  const ids = bundle ? [bundle.leaf, ...bundle.chain] : [...certificates.keys()]
  const chain = ids.flatMap((id) => certificates.get(id) ?? [])
  if (chain.length > 0) return chain
  throw new EdgekeepError('certificate.missing', {})
}
