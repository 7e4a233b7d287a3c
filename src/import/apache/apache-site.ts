import { isAbsolute, resolve } from 'node:path'
import type { Directive } from '../setup/directive.ts'
import { type BoundedFiles, emptySite, type FoundSetup, type FoundSite } from '../setup/found.ts'
import type { NoteTaker } from '../setup/notes.ts'
import { addProxies } from './apache-proxies.ts'
import { htaccessRestriction, restrictionIn } from './apache-restrictions.ts'
import { addHeaders, noteUnknown, redirectOf, sizeOf } from './apache-settings.ts'

/** Settings outside of virtual hosts, which these inherit. */
export interface ServerLevel {
  directives: Directive[]
  /** ServerRoot, which relative paths begin at. */
  folder: string
  files: BoundedFiles
  notes: NoteTaker
}

type Host = Directive & { block: Directive[] }

/** Reads one `<VirtualHost>`; null without a name. */
export function siteOf(host: Host, server: ServerLevel, setup: FoundSetup): FoundSite | null {
  const { directives, files, notes } = server
  const { block } = host
  const names = namesOf(host, notes)
  if (names.length === 0) return null
  const levels = [block, directives]
  const isHttps = firstOf('sslengine', levels)?.args[0]?.toLowerCase() === 'on'
  const redirect = redirectOf(block, names, notes)
  const site = emptySite(host, names)
  addProxies(site, { host: block, server: directives, folder: server.folder, files, notes })
  const folder = site.origin || redirect ? null : folderOf(host, server)
  site.origin ??= folder === null ? null : { protocol: 'folder', folder, dotFiles: false }
  addHeaders(site, [directives, block], notes)
  if (block !== directives) noteUnknown(block, notes)
  const restrictedBy =
    restrictionIn(block, directives, folder) ??
    (folder === null ? null : htaccessRestriction(folder, { files, notes }))
  return {
    ...site,
    redirect: redirect && (redirect.to === 'https') !== isHttps ? redirect : null,
    maxBytes: sizeOf(levels.toReversed()),
    restrictedBy,
    ...(isHttps && tlsOf(levels, server.folder, setup)),
  }
}

function firstOf(name: string, levels: Directive[][]): Directive | undefined {
  return levels.map((level) => level.findLast((one) => one.name === name)).find((one) => one !== undefined)
}

function tlsOf(
  levels: Directive[][],
  root: string,
  setup: FoundSetup,
): Pick<FoundSite, 'https' | 'minimumVersion'> {
  const pathOf = (name: string) => {
    const written = firstOf(name, levels)?.args[0]
    return !written || /^[a-z0-9]+:/i.test(written) ? null : resolve(root, written)
  }
  const certificate = pathOf('sslcertificatefile')
  const chain = pathOf('sslcertificatechainfile')
  if (chain) setup.certificates.push({ certificate: chain, key: null })
  const protocols = firstOf('sslprotocol', levels)?.args.map((arg) => arg.toLowerCase()) ?? []
  const added = protocols.filter((arg) => !arg.startsWith('-')).map((arg) => arg.replace('+', ''))
  return {
    https: certificate ? { certificate, key: pathOf('sslcertificatekeyfile') ?? certificate } : 'unknown',
    minimumVersion: added.length === 1 && added[0] === 'tlsv1.3' ? '1.3' : null,
  }
}

/** `ServerName https://shop.test:443` may have a scheme and a port. */
function namesOf(host: Host, notes: NoteTaker): string[] {
  const written = host.block.filter(({ name }) => name === 'servername' || name === 'serveralias')
  const names = written.flatMap((one) =>
    one.args.flatMap((arg) => {
      const name = arg
        .toLowerCase()
        .replace(/^https?:\/\//, '')
        .replace(/:\d+$/, '')
      if (/[*?]/.test(name.replace(/^\*\./, '')) || name.includes('${')) {
        notes.left(one, one.name, 'Patterns in names are not taken over; only exact names and *.NAME are.')
        return []
      }
      if (name.startsWith('*.'))
        notes.differs(one, name, 'The wildcard covers one label here, and any number in Apache.')
      return name === 'localhost' ? [] : [name]
    }),
  )
  if (names.length === 0)
    notes.left(host, 'VirtualHost', 'It has no name of its own, and only names are served here.')
  return [...new Set(names)]
}

function folderOf({ block }: Host, { directives, folder: root, notes }: ServerLevel): string | null {
  const found = firstOf('documentroot', [block, directives])
  const written = found?.args[0]
  if (!found || !written) return null
  const handler = block
    .flatMap((one) => [one, ...(one.block ?? [])])
    .find(
      ({ name, args }) =>
        (name === 'sethandler' || name === 'addhandler') && /php|fcgi|cgi|wsgi/i.test(args.join(' ')),
    )
  if (handler) {
    notes.left(
      handler,
      handler.name,
      'Programs are not run here; let a server run them and name it as the origin.',
    )
    return null
  }
  const folder = isAbsolute(written) ? written : resolve(root, written)
  if (!folder.includes('${')) return folder
  notes.left(found, 'DocumentRoot', 'Only a folder with its whole path is taken over.')
  return null
}
