import { basename } from 'node:path'
import { Option, type Command } from 'commander'
import { writeOutput } from '../files.ts'
import { printLine, table, type Result } from '../output.ts'
import { PASSWORD_HELP, PASSWORD_STDIN_HELP, type PassphraseOptions } from '../passphrase.ts'
import type { Cli, GlobalOptions } from '../command.ts'
import { withEngine, type Session } from '../session.ts'
import { stageFiles } from '../staging.ts'
import { answersInWords, certificateFactsInWords, certificateLine, facts, timeLeft } from '../words.ts'

interface ImportOptions extends PassphraseOptions {
  name?: string
}
type ExportFormat = 'pem' | 'leaf' | 'der' | 'p7b'

export function certificateCommands(program: Command, cli: Cli): void {
  const cert = program.command('cert').description('certificates in the vault')
  cert
    .command('import <file...>')
    .summary('put a certificate and its key into the vault')
    .description('Put a certificate and its key into the vault; the key can never be read back.')
    .option('--name <name>', 'what to call it')
    .option('--password <passphrase>', PASSWORD_HELP)
    .option('--password-stdin', PASSWORD_STDIN_HELP)
    .addHelpText('after', '\nExample:\n  $ edgekeep cert import --name "shop 2026" fullchain.pem privkey.pem')
    .action(
      cli.answer((global, paths: string[], options: ImportOptions) =>
        withEngine(global, (session) => importFiles(session, paths, options)),
      ),
    )
  cert
    .command('list')
    .description('List the certificates.')
    .action(cli.answer((global) => withEngine(global, list, 'facts')))
  cert
    .command('show <ref>')
    .description('Show one certificate, by name, id, or start of its SHA-256 fingerprint.')
    .action(
      cli.answer((global, reference: string) =>
        withEngine(global, (session) => show(session, reference), 'facts'),
      ),
    )
  cert
    .command('export <ref>')
    .description('Write out the public parts. Private keys never leave the vault.')
    .addOption(
      new Option('--format <format>', 'pem: the chain; leaf: the leaf alone; der: the leaf; p7b: the chain')
        .choices(['pem', 'leaf', 'der', 'p7b'])
        .default('pem'),
    )
    .option('--out <file>', 'where to write; without it PEM goes to standard output')
    .action(
      cli.run((global, reference: string, options: { format: ExportFormat; out?: string }) =>
        exportPublic(global, reference, options),
      ),
    )
  cert
    .command('remove <ref>')
    .description('Erase a certificate and its key. One that serves a domain is not removed.')
    .action(
      cli.answer((global, reference: string) => withEngine(global, (session) => remove(session, reference))),
    )
}

async function importFiles({ client }: Session, paths: string[], options: ImportOptions): Promise<Result> {
  const { stagingId } = await stageFiles(client, paths, options)
  const certificate = await client.certificates.import({ stagingId, name: options.name })
  const words = `Imported "${certificate.name}": ${certificateLine(certificate)}.\nThe key matches and is sealed in the vault; the files you gave still hold it.`
  return { data: { certificate }, words }
}

async function list({ client }: Session): Promise<Result> {
  const certificates = await client.certificates.list()
  const rows = certificates.map((certificate) => [
    certificate.name,
    [...certificate.dnsNames, ...certificate.ipNames].join(', '),
    timeLeft(certificate.notAfter),
    certificate.usedBy.join(', ') || '-',
    certificate.fingerprintSha256.slice(0, 16),
  ])
  const empty = 'There is no certificate yet. Import one: edgekeep cert import fullchain.pem privkey.pem'
  return {
    data: { certificates },
    words: rows.length ? table(['NAME', 'COVERS', 'VALIDITY', 'USED BY', 'SHA-256'], rows) : empty,
  }
}

async function show({ client }: Session, reference: string): Promise<Result> {
  const { id } = await client.certificates.find({ reference })
  const detail = await client.certificates.get({ id })
  const { summary, chain, verification } = detail
  const head = facts([
    ['Name', summary.name],
    ['Kind', summary.kind === 'free' ? 'free, from the local authority' : 'uploaded'],
    ['Used by', summary.usedBy.join(', ') || 'no domain'],
    ['Key', 'in the vault, sealed; it matches and cannot be read back'],
  ])
  const words = [head, answersInWords(verification.answers), ...chain.map(certificateFactsInWords)].join(
    '\n\n',
  )
  return { data: { ...detail }, words }
}

async function exportPublic(
  global: GlobalOptions,
  reference: string,
  { format, out }: { format: ExportFormat; out?: string },
): Promise<number> {
  const file = await withEngine(
    global,
    async ({ client }) => {
      const { id } = await client.certificates.find({ reference })
      return client.certificates.export({ id, format })
    },
    'facts',
  )
  const bytes = Buffer.from(file.contentBase64, 'base64')
  if (out) writeOutput(out, bytes, 'public')
  if (global.json)
    printLine(JSON.stringify({ ok: true, ...file, ...(out ? { written: basename(out) } : {}) }))
  else if (out) printLine(`Wrote ${out} (${bytes.length} bytes).`)
  else process.stdout.write(bytes)
  return 0
}

async function remove({ client }: Session, reference: string): Promise<Result> {
  const { id } = await client.certificates.find({ reference })
  const { name } = await client.certificates.remove({ id })
  return { data: { name }, words: `Removed "${name}"; its key is erased.` }
}
