import { join } from 'node:path'
import { z } from 'zod'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { readNginx } from '../nginx/nginx.ts'
import { type BoundedFiles, emptySetup, type FoundSetup } from '../setup/found.ts'
import { parsedJson } from '../setup/parsed-json.ts'
import { type NoteTaker, noteTaker } from '../setup/notes.ts'

const configurationSchema = z.looseObject({ tld: z.string().optional(), domain: z.string().optional() })

/**
 * Reads Laravel Valet: what `valet proxy` and `valet secure` have written for nginx, with its certificates. Sites of
 * PHP need a server that runs it, and are named.
 */
export function readValet(path: string, files: BoundedFiles): FoundSetup {
  const setup = emptySetup()
  const notes = noteTaker(setup.notes)
  const { tld, domain } = configurationOf(join(path, 'config.json'), files)
  const folder = join(path, 'Nginx')
  const written = files.names(folder).filter((name) => !name.startsWith('.'))
  for (const name of written) addSite(setup, { file: join(folder, name), name, files, notes })
  const suffix = tld ?? domain ?? 'test'
  for (const link of files.names(join(path, 'Sites'))) {
    const name = `${link}.${suffix}`
    if (!link.startsWith('.') && !written.includes(name))
      notes.left({ file: join(path, 'Sites', link) }, name, php)
  }
  const anchor = join(path, 'CA', 'LaravelValetCASelfSigned.pem')
  if (files.exists(anchor)) setup.anchors.push(anchor)
  return setup
}

const php =
  'Valet runs PHP for it, which the edge does not. Start its own server, and name that as the origin: edgekeep domain add.'

/** Directives of Valet's own templates that change nothing for a proxy. */
const ofTemplate = new Set(['location', 'error_page', 'chunked_transfer_encoding', 'proxy_set_header'])

function addSite(
  setup: FoundSetup,
  { file, name, files, notes }: { file: string; name: string; files: BoundedFiles; notes: NoteTaker },
): void {
  const found = readNginx(file, files)
  if (found.sites.some(({ origin }) => origin !== null && origin.protocol !== 'folder')) {
    setup.sites.push(...found.sites)
    setup.notes.push(...found.notes.filter(({ what }) => !ofTemplate.has(what)))
    return
  }
  const stem = join(file, '..', '..', 'Certificates', name)
  const pair = { certificate: `${stem}.crt`, key: `${stem}.key` }
  if (files.exists(pair.certificate) && files.exists(pair.key)) setup.certificates.push(pair)
  notes.left({ file }, name, php)
}

function configurationOf(file: string, files: BoundedFiles): z.output<typeof configurationSchema> {
  const parsed = configurationSchema.safeParse(parsedJson(files.text(file)))
  if (parsed.success) return parsed.data
  throw new EdgekeepError('import.unreadable', { reason: 'its config.json is not Valet’s' })
}
