import { execFile } from 'node:child_process'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { certificatesByName } from '../setup/certificates-by-name.ts'
import { type BoundedFiles, emptySetup, type FoundSetup } from '../setup/found.ts'
import { noteTaker } from '../setup/notes.ts'
import { parsedJson } from '../setup/parsed-json.ts'
import { caddySchema, type Server, serverSchema } from './caddy-schema.ts'
import { caddySites } from './caddy-sites.ts'

const adaptMs = 10_000
const mostBytes = 4 * 1024 * 1024

/** Reads a Caddyfile or Caddy's JSON, with the certificates of its data folder; or a data folder alone. */
export async function readCaddy(path: string, files: BoundedFiles): Promise<FoundSetup> {
  const setup = emptySetup()
  if (files.exists(join(path, 'certificates'))) return readData(path, files, setup)
  const file = files.isFolder(path) ? join(path, 'Caddyfile') : path
  const { http, tls } = await configurationOf(file, files)
  const notes = noteTaker(setup.notes)
  const stored = dataFolders().map((folder) => readData(folder, files, emptySetup()))
  const loaded = (tls?.certificates?.load_files ?? []).map(({ certificate, key }) => ({
    certificate: resolve(dirname(file), certificate),
    key: resolve(dirname(file), key),
  }))
  setup.anchors.push(...stored.flatMap(({ anchors }) => anchors))
  const certificates = [...loaded, ...stored.flatMap((each) => each.certificates)]
  const certificateOf = certificatesByName(certificates, (each) => files.bytes(each))
  for (const written of Object.values(http?.servers ?? {})) {
    const parsed = serverSchema.safeParse(written)
    if (!parsed.success) throw unreadable('its JSON is not Caddy’s')
    const server = parsed.data
    const isHttps = listensForHttps(server, http?.http_port ?? 80)
    setup.sites.push(...caddySites(server, { file, isHttps, certificateOf, files, notes }))
  }
  return setup
}

/** Whatever does not listen on the port for HTTP alone is HTTPS, unless that is turned off. */
function listensForHttps(
  { listen, automatic_https, tls_connection_policies }: Server,
  httpPort: number,
): boolean {
  if (automatic_https?.disable && !tls_connection_policies) return false
  return !listen.every((address) => address.endsWith(`:${httpPort}`))
}

/**
 * A Caddyfile is adapted by Caddy itself, which makes JSON of it and starts nothing.
 * @throws `import.unreadable`
 */
async function configurationOf(file: string, files: BoundedFiles) {
  const text = files.text(file)
  const json = /^\s*\{\s*"/.test(text) ? text : await adapted(file, files)
  const parsed = caddySchema.safeParse(parsedJson(json))
  if (!parsed.success) throw unreadable('its JSON is not Caddy’s')
  return parsed.data.apps
}

async function adapted(file: string, { isOnDisk }: BoundedFiles): Promise<string> {
  // The program would read the file of that name on this computer.
  if (!isOnDisk) throw unreadable(needsCaddy)
  const options = {
    timeout: adaptMs,
    maxBuffer: mostBytes,
    killSignal: 'SIGKILL' as const,
    cwd: dirname(file),
    // A Caddyfile may name any variable of the environment.
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
  }
  try {
    const { stdout } = await promisify(execFile)(
      'caddy',
      ['adapt', '--adapter', 'caddyfile', '--config', file],
      options,
    )
    return stdout
  } catch (error) {
    const { code, stderr = '' } = error as NodeJS.ErrnoException & { stderr?: string }
    throw unreadable(code === 'ENOENT' ? needsCaddy : `caddy does not accept the Caddyfile${faultIn(stderr)}`)
  }
}

/** Caddy's own error line. Only plain words are shown: the file may have passwords, or be a key. */
function faultIn(stderr: string): string {
  const error = /^Error: (.*)$/m.exec(stderr)?.[1] ?? ''
  const line = error.replace(/^adapting config using \S+: /, '')
  const shown = line
    .slice(0, 300)
    .replace(/^\S+:(\d+)/, 'line $1')
    .replaceAll(/[^\s:,'"()]+/g, (word) => (/^(?:[a-z_]{1,24}[.;]?|\d{1,5}|-)$/i.test(word) ? word : '…'))
  return shown === '' ? '; see "caddy validate"' : `: ${shown}`
}

const needsCaddy = 'a Caddyfile needs the program caddy to read it; give the JSON that "caddy adapt" prints'

function unreadable(reason: string): EdgekeepError {
  return new EdgekeepError('import.unreadable', { reason })
}

function dataFolders(): string[] {
  const data = process.env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share')
  return [
    join(data, 'caddy'),
    join(homedir(), 'Library', 'Application Support', 'Caddy'),
    '/var/lib/caddy/.local/share/caddy',
  ]
}

/** `certificates/ISSUER/NAME/NAME.crt`; those of Caddy's own authority last twelve hours and are left. */
function readData(folder: string, files: BoundedFiles, setup: FoundSetup): FoundSetup {
  const issuers = files.names(join(folder, 'certificates')).filter((issuer) => issuer !== 'local')
  for (const issuer of issuers) {
    for (const name of files.names(join(folder, 'certificates', issuer))) {
      const stem = join(folder, 'certificates', issuer, name, name)
      if (files.exists(`${stem}.crt`))
        setup.certificates.push({ certificate: `${stem}.crt`, key: `${stem}.key` })
    }
  }
  const root = join(folder, 'pki', 'authorities', 'local', 'root.crt')
  if (files.exists(root)) setup.anchors.push(root)
  return setup
}
