import { join } from 'node:path'
import { UnreadableFile } from '../setup/bounded-files.ts'
import type { Directive } from '../setup/directive.ts'
import type { BoundedFiles } from '../setup/found.ts'
import type { NoteTaker } from '../setup/notes.ts'
import { flagsOf } from './apache-rewrites.ts'
import { parseApache } from './apache-syntax.ts'

/**
 * Name of the first directive that restricts who may use a virtual host, or that refuses a part of it. Of the
 * server's own sections those count that cover the paths of the host or its folder.
 */
export function restrictionIn(host: Directive[], server: Directive[], folder: string | null): string | null {
  const shared = server.filter(({ name }) => name === 'location' || name === 'locationmatch')
  const own = host.find(restricts) ?? [...host, ...shared].flatMap(below).find(restricts)
  const folders = server.filter(({ name, args }) => name === 'directory' && isAbove(args[0] ?? '', folder))
  // The innermost section of a folder decides.
  const deepest = folders
    .toSorted((one, other) => (one.args[0] ?? '').length - (other.args[0] ?? '').length)
    .findLast((one) =>
      below(one).some(({ name }) => name === 'require' || name === 'deny' || name === 'authtype'),
    )
  return (own ?? (deepest && below(deepest).find(restricts)))?.name ?? null
}

function isAbove(path: string, folder: string | null): boolean {
  return folder !== null && `${folder}/`.startsWith(path.endsWith('/') ? path : `${path}/`)
}

function restricts(directive: Directive): boolean {
  const { name, args } = directive
  const text = args.join(' ').toLowerCase()
  if (name === 'require') return text !== 'all granted'
  if (name === 'deny') return true
  if (name === 'allow') return text !== 'from all'
  if (name === 'sslverifyclient') return text !== 'none'
  if (name === 'authtype') return text !== 'none'
  if (name === 'redirect' || name === 'redirectmatch') return /^(?:gone|4\d\d)/.test(text)
  const flags = flagsOf(directive)
  return flags.has('f') || flags.has('g')
}

function below(directive: Directive): Directive[] {
  if (!directive.block || isDotFiles(directive)) return []
  return directive.block.flatMap((one) => [one, ...below(one)])
}

/** `<FilesMatch "^\.ht">`: the edge serves no files that begin with a dot. */
function isDotFiles({ name, args }: Directive): boolean {
  const [first = '', second = ''] = args
  return (name === 'files' || name === 'filesmatch') && /^\^?\(?\\?\./.test(first === '~' ? second : first)
}

/** Restriction in the `.htaccess` of a folder, whose other settings are noted as left. */
export function htaccessRestriction(
  folder: string,
  { files, notes }: { files: BoundedFiles; notes: NoteTaker },
): string | null {
  const file = join(folder, '.htaccess')
  if (!files.exists(file)) return null
  try {
    const directives = parseApache(files.text(file), file)
    notes.left({ file }, '.htaccess', 'Its settings are not taken over.')
    const all = directives.flatMap((one) => [one, ...below(one)])
    return all.some(restricts) ? '.htaccess' : null
  } catch (error) {
    if (!(error instanceof UnreadableFile) && !(error instanceof Error && 'line' in error)) throw error
    return '.htaccess'
  }
}
