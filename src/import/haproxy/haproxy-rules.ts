import type { HeaderRule } from '../../contract/domains/header-rules.ts'
import type { FoundSite } from '../setup/found.ts'
import { addHeaderRule } from '../setup/header-rule.ts'
import type { NoteTaker } from '../setup/notes.ts'
import { type Condition, conditionIn, type Test } from './haproxy-conditions.ts'
import type { Line } from './haproxy-syntax.ts'

/** Settings that are read elsewhere, that the edge has by itself, or that change no answer. */
const covered = new Set(
  `acl bind use_backend default_backend server default-server mode description id disabled enabled backlog
  balance hash-type maxconn fullconn option timeout log log-format log-format-sd error-log-format log-tag log-steps
  retries retry-on http-reuse http-check tcp-check http-send-name-header stats monitor-uri monitor unique-id-format
  unique-id-header capture compression declare email-alert errorloc302 load-server-state-from-file external-check
  dynamic-cookie-key max-keep-alive-queue max-session-srv-conns rate-limit grace clitcpka-cnt srvtcpka-cnt
  source use-server server-template redirect guid from`.split(/\s+/),
)

const quietActions = new Set([
  'add-header',
  'capture',
  'del-header',
  'disable-l7-retry',
  'redirect',
  'replace-path',
  'replace-pathq',
  'replace-uri',
  'set-header',
  'set-log-level',
  'set-nice',
  'set-path',
  'set-pathq',
  'set-timeout',
  'set-uri',
  'set-var',
  'unset-var',
  'wait-for-handshake',
])

const restrictingActions = new Set(['auth', 'deny', 'reject', 'silent-drop', 'tarpit', 'use-service'])

/** Name of the first rule that keeps requests away from the origin, or clients without a certificate. */
export function restrictionIn(lines: Line[]): string | null {
  for (const { tokens } of lines) {
    const [keyword = '', second = '', third = ''] = tokens
    if (keyword.startsWith('http-') && isRefusal(tokens)) return `${keyword} ${second}`
    if (keyword === 'tcp-request' && restrictingActions.has(third)) return `tcp-request ${third}`
    if (keyword === 'block') return keyword
    const verify = tokens.indexOf('verify')
    if (keyword === 'bind' && verify !== -1 && tokens[verify + 1] !== 'none') return 'bind verify'
  }
  return null
}

/** A script may be a login, so it is taken for one. */
function isRefusal([, action = '', ...rest]: string[]): boolean {
  const isError = action === 'return' && Number(rest[rest.indexOf('status') + 1]) >= 400
  return restrictingActions.has(action) || action.startsWith('lua.') || isError
}

export function noteUnknown(lines: Line[], notes: NoteTaker): void {
  for (const line of lines) {
    const [keyword = '', action = ''] = line.tokens
    const isRule =
      keyword === 'http-request' || keyword === 'http-response' || keyword === 'http-after-response'
    if (isRule && !quietActions.has(action) && !isRefusal(line.tokens))
      notes.left(line, `${keyword} ${action}`, 'This rule is not taken over.')
    else if (!isRule && keyword !== 'tcp-request' && keyword !== 'tcp-response' && !covered.has(keyword))
      notes.left(line, keyword, 'This setting is not taken over.')
  }
}

/** Adds headers that are set in every case, and HSTS also where it depends on TLS alone. */
export function addHeaders(
  site: FoundSite,
  lines: Line[],
  { acls, notes }: { acls: Map<string, Test>; notes: NoteTaker },
): void {
  for (const line of lines) {
    const [keyword = '', action = '', name = '', value = ''] = line.tokens
    const isResponse = keyword === 'http-response' || keyword === 'http-after-response'
    const does = ruleActions.get(action)
    if (!does || !(isResponse || keyword === 'http-request')) continue
    const on = isResponse ? 'response' : 'request'
    const rule: HeaderRule = { on, action: does, name, value: does === 'drop' ? '' : value }
    const what = `${keyword} ${action}`
    if (isUnconditional(conditionIn(line.tokens.slice(does === 'drop' ? 3 : 4), acls)))
      addHeaderRule(site, rule, { at: line, what, variable: '%[' }, notes)
    else if (!/^x-forwarded-/i.test(name))
      notes.left(line, what, 'Headers with conditions are not taken over.')
  }
}

const ruleActions = new Map<string, HeaderRule['action']>([
  ['set-header', 'set'],
  ['add-header', 'add'],
  ['del-header', 'drop'],
])

function isUnconditional(condition: Condition): boolean {
  return condition.some((terms) => terms.every(({ test, isNegated }) => test.kind === 'tls' && !isNegated))
}

export interface RedirectRule {
  to: NonNullable<FoundSite['redirect']>
  /** Null: all names. */
  names: string[] | null
}

/** `http-request redirect scheme https code 301 unless { ssl_fc }`, or the older `redirect scheme …`. */
export function redirectsOf(
  lines: Line[],
  { acls, notes }: { acls: Map<string, Test>; notes: NoteTaker },
): RedirectRule[] {
  return lines.flatMap((line): RedirectRule[] => {
    const tokens = line.tokens[0] === 'http-request' ? line.tokens.slice(1) : line.tokens
    if (tokens[0] !== 'redirect') return []
    const to = schemeOf(tokens)
    const names = to ? redirectedNames(conditionIn(tokens, acls), to.to) : undefined
    if (to && names !== undefined) return [{ to, names }]
    notes.left(line, 'redirect', 'Only redirects of all requests to the other scheme are taken over.')
    return []
  })
}

function schemeOf(tokens: string[]): RedirectRule['to'] | null {
  const scheme = tokens[tokens.indexOf('scheme') + 1]
  const code = tokens.includes('code') ? Number(tokens[tokens.indexOf('code') + 1]) : 302
  if (!tokens.includes('scheme') || (scheme !== 'https' && scheme !== 'http')) return null
  return code === 301 || code === 302 || code === 307 || code === 308 ? { to: scheme, code } : null
}

/** Undefined: it depends on something else. The edge itself answers challenges of ACME. */
function redirectedNames(condition: Condition, to: 'https' | 'http'): string[] | null | undefined {
  const [terms, ...others] = condition
  if (!terms || others.length > 0) return undefined
  let names: string[] | null = null
  for (const { test, isNegated } of terms) {
    if (test.kind === 'host' && !isNegated) names = test.names
    else if (test.kind === 'tls' ? isNegated !== (to === 'https') : !(isNegated && isChallenge(test)))
      return undefined
  }
  return names
}

function isChallenge(test: Test): boolean {
  return test.kind === 'path' && test.paths.every((path) => path.startsWith('/.well-known/acme-challenge'))
}
