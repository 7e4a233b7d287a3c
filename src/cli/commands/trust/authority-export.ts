import { type Flags, type OptionsOf, runs } from '../../frame/declare.ts'
import { X509Certificate } from 'node:crypto'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import type { LocalAuthority } from '../../../contract/local-authority/authority.ts'
import { formatSize } from '../../../contract/text/format-size.ts'
import { type GlobalOptions, usageError } from '../../frame/command.ts'
import { writeOutput } from '../../input/files.ts'
import { printLine } from '../../output/output.ts'
import { withEngine } from '../../session.ts'

const exportFlags = {
  '--chain <part>': {
    about: 'which certificates',
    choices: ['root', 'intermediate', 'both'],
    default: 'root',
  },
  '--format <format>': { about: 'PEM or DER', choices: ['pem', 'der'], default: 'pem' },
  '--out <file>': 'output file (default: PEM to standard output)',
} as const satisfies Flags
type ExportOptions = OptionsOf<typeof exportFlags>

export const exportCommand = runs('export', {
  summary: 'export the certificates of the root and the intermediate',
  about:
    'Export the certificate of the local authority’s root, of the intermediate that signs, or of both, the intermediate first. The keys never leave the vault.',
  flags: exportFlags,
  examples: [
    'authority export --out root.pem',
    'authority export --chain intermediate --out intermediate.pem',
  ],
  run: exportCertificates,
})

async function exportCertificates(global: GlobalOptions, options: ExportOptions): Promise<number> {
  const { format, out, chain } = options
  if (format === 'der' && chain === 'both')
    throw usageError('A DER file holds one certificate: --chain root or --chain intermediate.')
  const authority = await withEngine(global, ({ client }) => client.authority.get(), 'facts')
  const certificates = authority ? certificatesOf(authority, chain) : []
  const [first] = certificates
  if (!first) throw new EdgekeepError('authority.none', {})
  const { raw: der, fingerprint256 } = new X509Certificate(first)
  const pem = certificates.join('')
  const bytes = format === 'der' ? der : Buffer.from(pem)
  if (out) writeOutput(out, bytes, 'public')
  const fingerprintSha256 = fingerprint256.replaceAll(':', '').toLowerCase()
  const written = out ? { written: out } : {}
  if (global.json)
    printLine(JSON.stringify({ ok: true, fingerprintSha256, pem, der: der.toString('base64'), ...written }))
  else if (out) printLine(`Wrote ${out} (${formatSize(bytes.length)}). SHA-256: ${fingerprintSha256}`)
  else process.stdout.write(bytes)
  return 0
}

/** PEM, in the order of a chain; an authority of an early vault has no intermediate. */
function certificatesOf({ root, intermediatePem }: LocalAuthority, chain: ExportOptions['chain']): string[] {
  const below = intermediatePem === null ? [] : [intermediatePem]
  if (chain === 'intermediate') return below
  return chain === 'both' ? [...below, root.pem] : [root.pem]
}
