import type { ServerOrigin } from '../../contract/domains/origins.ts'
import { parseOrigin } from '../../domain/origin-url.ts'
import type { NoteTaker } from '../setup/notes.ts'
import type { BoundedFiles } from '../setup/found.ts'
import { originAnchors } from '../setup/origin-anchors.ts'
import { pathBelow } from './haproxy-certificates.ts'
import type { Line, Section } from './haproxy-syntax.ts'

/** Servers of a backend in the order of attempts, and the rules that go with them. */
export interface Backend {
  section: Section
  origins: ServerOrigin[]
}

interface Around {
  defaults: Line[]
  globals: Section[]
  files: BoundedFiles
  notes: NoteTaker
}

export function backendOf(section: Section, around: Around): Backend {
  const { defaults, notes } = around
  const servers = section.lines.filter(({ tokens }) => tokens[0] === 'server' && !tokens.includes('disabled'))
  const ordinary = servers.filter(({ tokens }) => !tokens.includes('backup'))
  const [, second] = ordinary
  if (second)
    notes.differs(second, 'server', 'Requests go to the first server; the others are used while it is out.')
  for (const line of section.lines)
    if (line.tokens[0] === 'server-template')
      notes.left(line, 'server-template', 'Only servers that are named one by one are taken over.')
  const backups = servers.filter((line) => !ordinary.includes(line))
  const options = [...defaults, ...section.lines]
    .filter(({ tokens }) => tokens[0] === 'default-server')
    .flatMap(({ tokens }) => tokens.slice(1))
  const hostHeader = hostOf(section)
  const origins = [...ordinary, ...backups].flatMap((line) => originOf(line, options, around))
  return { section, origins: origins.map((origin) => ({ ...origin, hostHeader })) }
}

/** `server app1 127.0.0.1:3000 ssl verify none sni str(app.test)` */
function originOf(line: Line, defaults: string[], { globals, files, notes }: Around): ServerOrigin[] {
  const [, , address = '', ...own] = line.tokens
  const tokens = [...defaults, ...own]
  const after = (keyword: string) => tokens[tokens.lastIndexOf(keyword) + 1]
  const isTls = tokens.includes('ssl')
  const isHttp2 = tokens.includes('proto') && after('proto') === 'h2'
  const scheme = isTls ? 'https' : isHttp2 ? 'h2c' : 'http'
  const verify = !(tokens.includes('verify') && after('verify') === 'none')
  const given = tokens.includes('sni') ? /^str\(([\w.-]+)\)$/.exec(after('sni') ?? '')?.[1] : undefined
  const sni = tokens.includes('verifyhost') ? after('verifyhost') : given
  try {
    const bare = address.replace(/^ipv[46]@/, '')
    if (/[@/$]/.test(bare) || !/:\d+$/.test(bare)) throw new TypeError('No host and port')
    const origin = parseOrigin(`${scheme}://${bare}`) as ServerOrigin
    const named = isTls && verify && tokens.includes('ca-file') ? after('ca-file') : undefined
    const from = named === undefined ? [] : [pathBelow('ca-base', named, line, globals)]
    const anchorsPem = originAnchors({ at: line, what: 'ca-file', from }, { files, notes })
    return [{ ...origin, verify, sni: sni ?? null, anchorsPem, http2: isTls && isHttp2 }]
  } catch {
    notes.left(line, 'server', 'Its address is no host with a port.')
    return []
  }
}

/** `http-request set-header Host app.internal`; null passes on the client's, as HAProxy does. */
function hostOf({ lines }: Section): string | null {
  const set = lines.find(
    ({ tokens }) =>
      tokens[0] === 'http-request' && tokens[1] === 'set-header' && tokens[2]?.toLowerCase() === 'host',
  )
  const value = set?.tokens[3]
  return value === undefined || value.includes('%[') ? null : value
}

/** Whether the backend removes `path` from requests; null if it rewrites them otherwise. */
export function stripsPath({ section }: Backend, path: string): boolean | null {
  const rewriting = section.lines.filter(
    ({ tokens }) =>
      tokens[0] === 'http-request' &&
      /^(?:replace-(?:path|pathq|uri)|set-(?:path|pathq|uri))$/.test(tokens[1] ?? ''),
  )
  const [only, ...others] = rewriting
  if (!only) return false
  const [, action, first = '', second] = only.tokens
  const written = action === 'replace-path' ? `${first} ${second}` : first
  const bare = path.replace(/\/$/, '')
  const known = [
    `${bare}(/)?(.*) /\\2`,
    `^${bare}(/)?(.*) /\\2`,
    `${bare}/(.*) /\\1`,
    `^${bare}/(.*) /\\1`,
    `${bare}(.*) \\1`,
    `%[path,regsub(^${bare}/,/)]`,
    `%[path,regsub(^${bare}/?,/)]`,
    `%[path,regsub(^${bare},)]`,
  ]
  return others.length === 0 && known.includes(written) ? true : null
}
