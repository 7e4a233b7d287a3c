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
  const inside = (server.block ?? []).flatMap(below)
  const all = [...http, ...(server.block ?? []), ...inside]
  const restriction = all.find(({ name, args }) => restricting.has(name) && args[0] !== 'off')
  return (restriction ?? inside.find(refuses))?.name ?? null
}

/** Networks of `allow` before `deny all` in the server itself; null for any other list. */
export function allowedIn({ block }: Directive): string[] | null {
  const rules = (block ?? []).filter(({ name }) => name === 'allow' || name === 'deny')
  const networks = rules.slice(0, -1).map(({ name, args }) => (name === 'allow' ? args[0] : undefined))
  const isList = rules.at(-1)?.name === 'deny' && rules.at(-1)?.args[0] === 'all'
  return isList && networks.every((one) => /^[\d.:a-f/]+$/i.test(one ?? '')) ? (networks as string[]) : null
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
