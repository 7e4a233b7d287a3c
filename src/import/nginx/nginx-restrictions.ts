import { resolve } from 'node:path'
import type { HttpLevel } from './nginx-upstreams.ts'
import type { Directive } from '../setup/directive.ts'

const restricting = new Set([
  'access_by_lua_block',
  'access_by_lua_file',
  'allow',
  'auth_basic',
  'auth_jwt',
  'auth_request',
  'deny',
  'js_access',
  'satisfy',
  'secure_link',
  'ssl_verify_client',
])

/** Name of the first directive that restricts who may use the server, or that refuses a part of it. */
export function restrictionIn(server: Directive, http: Directive[]): string | null {
  return restrictionsIn(server, http)[0]?.name ?? null
}

function restrictionsIn(server: Directive, http: Directive[]): Directive[] {
  const inside = (server.block ?? []).flatMap(below)
  const all = [...http, ...(server.block ?? []), ...inside]
  const isRestriction = ({ name, args }: Directive) => restricting.has(name) && args[0] !== 'off'
  return [...all.filter(isRestriction), ...inside.filter(refuses)]
}

/**
 * Commands for a domain with the restrictions of a server; none where one has no equivalent: `deny` of single
 * addresses, a part of the site, another program's decision.
 */
export function restrictingCommands(
  server: Directive,
  { directives, folder }: Pick<HttpLevel, 'directives' | 'folder'>,
): ((domain: string) => string)[] {
  const all = restrictionsIn(server, directives)
  const locations = (server.block ?? []).filter(({ name }) => name === 'location')
  const [only] = locations.filter(({ args }) => locations.length === 1 && args[0] === '/')
  const whole = [...directives, ...(server.block ?? []), ...(only?.block ?? [])]
  const isWhole = all.every((one) => whole.includes(one))
  const {
    rules = [],
    auth_basic: login,
    ssl_verify_client: clients,
    ...others
  } = Object.groupBy(all, ({ name }) => (name === 'allow' || name === 'deny' ? 'rules' : name))
  const networks = rules.length > 0 ? allowedBy(rules) : []
  const verified = clients && clientsBy(clients, whole, folder)
  if (!isWhole || networks === null || verified === null || Object.keys(others).length > 0) return []
  const access = [
    ...(networks.length > 0 ? [`--allow ${networks.join(' ')}`] : []),
    ...(login ? ['--user NAME'] : []),
  ]
  return [
    ...(access.length > 0 ? [(domain: string) => `access ${domain} ${access.join(' ')}`] : []),
    ...(verified ? [(domain: string) => `tls ${domain} ${verified}`] : []),
  ]
}

/** Networks of `allow` before `deny all`; null for any other list. */
function allowedBy(rules: readonly Directive[]): string[] | null {
  const networks = rules.slice(0, -1).map(({ name, args }) => (name === 'allow' ? args[0] : undefined))
  const isList = networks.length > 0 && rules.at(-1)?.name === 'deny' && rules.at(-1)?.args[0] === 'all'
  return isList && networks.every((one) => /^[\d.:a-f/]+$/i.test(one ?? '')) ? (networks as string[]) : null
}

/** Options for client certificates; null for those that nobody verifies. */
function clientsBy([first]: readonly Directive[], levels: Directive[], folder: string): string | null {
  const [mode = ''] = first?.args ?? []
  const anchors = levels.find(({ name }) => name === 'ssl_client_certificate')?.args[0]
  if ((mode !== 'on' && mode !== 'optional') || !anchors || !/^[\w./@+-]+$/.test(anchors)) return null
  return `--client-certificates ${mode === 'on' ? 'required' : 'optional'} --client-anchors ${resolve(folder, anchors)}`
}

/** `return 403;` in a location or a condition. */
function refuses({ name, args }: Directive): boolean {
  return name === 'return' && /^4\d\d$/.test(args[0] ?? '')
}

function below(directive: Directive): Directive[] {
  if (!directive.block || isDotFiles(directive)) return []
  return directive.block.flatMap((one) => [one, ...below(one)])
}

/** `location ~ /\.ht { deny all; }` of many templates: the edge serves no files that begin with a dot. */
export function isDotFiles({ name, args }: Directive): boolean {
  return name === 'location' && args.length === 2 && /^\^?\/\\\./.test(args[1] ?? '')
}
