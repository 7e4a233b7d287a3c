import { type HeaderRule, headerRuleFault } from '../../contract/domains/header-rules.ts'
import type { HstsPolicy } from '../../contract/domains/hsts.ts'
import { isOwnHeader } from '../setup/header-rule.ts'
import { hstsFromHeader } from '../setup/hsts-header.ts'
import type { NoteTaker } from '../setup/notes.ts'
import type { Directive } from '../setup/directive.ts'

const hstsName = 'strict-transport-security'

/** Settings that are read elsewhere, that the edge has by itself, or that change no answer. */
const covered = new Set(
  `server_name listen location root index return if include internal alias http2 http3 charset etag types
  default_type server_tokens access_log error_log log_not_found log_subrequest aio directio output_buffers
  send_timeout reset_timedout_connection client_max_body_size large_client_header_buffers add_header proxy_pass
  proxy_set_header proxy_hide_header proxy_http_version proxy_busy_buffers_size proxy_request_buffering
  proxy_max_temp_file_size proxy_redirect proxy_connect_timeout proxy_read_timeout proxy_send_timeout
  proxy_cache_bypass proxy_no_cache allow deny satisfy`.split(/\s+/),
)

const coveredBeginnings = [
  'types_hash_',
  'sendfile',
  'tcp_',
  'keepalive_',
  'open_file_cache',
  'server_names_hash_',
  'variables_hash_',
  'resolver',
  'client_body_',
  'client_header_',
  'gzip',
  'ssl_',
  'proxy_buffer',
  'proxy_temp_',
  'proxy_ssl_',
  'proxy_next_upstream',
  'proxy_pass_request_',
  'proxy_headers_hash_',
  'auth_basic',
  'auth_request',
]

function isCovered(name: string): boolean {
  return covered.has(name) || coveredBeginnings.some((beginning) => name.startsWith(beginning))
}

export function noteUnknown(block: Directive[], notes: NoteTaker): void {
  for (const one of block) {
    if (one.name === 'try_files' && isPlainTry(one.args)) continue
    if (!isCovered(one.name)) notes.left(one, one.name, 'This directive is not taken over.')
  }
}

/** Plain files, then an error: the edge does the same for a folder. */
function isPlainTry(args: string[]): boolean {
  return args.at(-1) === '=404' && args.slice(0, -1).every((one) => one === '$uri' || one === '$uri/')
}

/** Fields of `add_header`; the first level with any of them decides, as in nginx. */
function addedHeaders(levels: Directive[][]): Directive[] {
  const level = levels.find((each) => each.some(({ name }) => name === 'add_header')) ?? []
  return level.filter(({ name }) => name === 'add_header')
}

export function hstsOf(levels: Directive[][], notes: NoteTaker): HstsPolicy | null {
  const found = addedHeaders(levels).find(({ args }) => args[0]?.toLowerCase() === hstsName)
  if (!found) return null
  const hsts = hstsFromHeader(found.args[1] ?? '')
  if (!hsts) notes.left(found, 'add_header', 'The value of Strict-Transport-Security is not understood.')
  return hsts
}

export function headersOf(levels: Directive[][], notes: NoteTaker): HeaderRule[] {
  const responses = addedHeaders(levels).filter(({ args }) => args[0]?.toLowerCase() !== hstsName)
  const requests = (levels.find((each) => each.some(({ name }) => name === 'proxy_set_header')) ?? []).filter(
    ({ name, args }) => name === 'proxy_set_header' && !isOwnHeader(args[0] ?? ''),
  )
  const hidden = (levels.find((each) => each.some(({ name }) => name === 'proxy_hide_header')) ?? []).filter(
    ({ name }) => name === 'proxy_hide_header',
  )
  return [
    ...responses.flatMap((one) => ruleOf(one, 'response', notes)),
    ...requests.flatMap((one) => ruleOf(one, 'request', notes)),
    ...hidden.flatMap(({ args }) => ({
      on: 'response' as const,
      action: 'drop' as const,
      name: args[0] ?? '',
      value: '',
    })),
  ]
}

function ruleOf(one: Directive, on: HeaderRule['on'], notes: NoteTaker): HeaderRule[] {
  const [name = '', value = ''] = one.args
  const rule: HeaderRule = { on, action: 'set', name, value }
  if (value.includes('$')) notes.left(one, one.name, 'Variables in header values are not taken over.')
  else if (headerRuleFault(rule) !== null) notes.left(one, one.name, 'The edge does not set this header.')
  else return [rule]
  return []
}

const units = new Map([
  ['k', 1024],
  ['m', 1024 ** 2],
  ['g', 1024 ** 3],
])

/** `client_max_body_size`; null without one, and for 0, which means no limit. */
export function sizeOf(levels: Directive[][], notes: NoteTaker): number | null {
  const found = levels.flat().find(({ name }) => name === 'client_max_body_size')
  if (!found) return null
  const [, digits = '', unit = ''] = /^(\d{1,12})([kmg]?)$/i.exec(found.args[0] ?? '') ?? []
  if (digits === '') notes.left(found, 'client_max_body_size', 'Its value is no size.')
  const bytes = Number(digits) * (units.get(unit.toLowerCase()) ?? 1)
  return bytes > 0 && bytes <= 2 ** 50 ? bytes : null
}
