import type { HeaderRule } from '../../contract/domains/header-rules.ts'
import type { Directive } from '../setup/directive.ts'
import type { FoundSite } from '../setup/found.ts'
import { addHeaderRule } from '../setup/header-rule.ts'
import type { NoteTaker } from '../setup/notes.ts'
import { conditionsBefore, flagsOf } from './apache-rewrites.ts'

/** Directives that are read elsewhere, that the edge has by itself, or that change no answer. */
const covered = new Set(
  `servername serveralias serveradmin serversignature serverpath documentroot directoryindex define undefine
  usecanonicalname usecanonicalphysicalport errorlog errorlogformat customlog loglevel logformat transferlog
  forensiclog protocols protocolshonororder keepalive keepalivetimeout maxkeepaliverequests timeout requestreadtimeout
  hostnamelookups contentdigest enablesendfile enablemmap fileetag adddefaultcharset options allowoverride
  rewriteengine rewritecond rewriterule rewriteoptions redirect redirectmatch redirectpermanent redirecttemp header
  requestheader limitrequestbody limitrequestfields limitrequestfieldsize limitrequestline traceenable directory
  location proxy files filesmatch require requireall requireany requirenone order allow deny satisfy authtype
  authname authuserfile authgroupfile authbasicprovider addoutputfilterbytype setoutputfilter browsermatch
  browsermatchnocase setenvif setenvifnocase`.split(/\s+/),
)

const coveredBeginnings = ['ssl', 'proxy', 'deflate', 'h2', 'brotli', 'auth', 'expires']

export function noteUnknown(block: Directive[], notes: NoteTaker): void {
  for (const one of block) {
    const isCovered = covered.has(one.name) || coveredBeginnings.some((each) => one.name.startsWith(each))
    if (!isCovered) notes.left(one, one.name, 'This directive is not taken over.')
  }
}

const headerActions = new Map<string, HeaderRule['action']>([
  ['set', 'set'],
  ['append', 'add'],
  ['add', 'add'],
  ['merge', 'add'],
  ['unset', 'drop'],
])

/** `Header always set X-Frame-Options DENY` and `RequestHeader set X-Shop one`; the server's own come first. */
export function addHeaders(site: FoundSite, levels: Directive[][], notes: NoteTaker): void {
  for (const one of levels.flat()) {
    if (one.name !== 'header' && one.name !== 'requestheader') continue
    const [action = '', name = '', value = '', ...conditions] =
      one.args[0]?.toLowerCase() === 'always' || one.args[0]?.toLowerCase() === 'onsuccess'
        ? one.args.slice(1)
        : one.args
    const does = headerActions.get(action.toLowerCase())
    const on = one.name === 'header' ? 'response' : 'request'
    const rule: HeaderRule = { on, action: does ?? 'set', name, value: does === 'drop' ? '' : value }
    if (does && !conditions.some((word) => /^(?:env=|expr=|early)/.test(word)))
      addHeaderRule(site, rule, { at: one, what: one.name, variable: '%{' }, notes)
    else notes.left(one, one.name, 'Only headers that are always set or removed are taken over.')
  }
}

export function sizeOf(levels: Directive[][]): number | null {
  const found = levels.flat().findLast(({ name }) => name === 'limitrequestbody')
  const bytes = Number(found?.args[0])
  return Number.isSafeInteger(bytes) && bytes > 0 && bytes <= 2 ** 50 ? bytes : null
}

type Redirect = FoundSite['redirect']

const codes = new Map<string, NonNullable<Redirect>['code']>([
  ['permanent', 301],
  ['temp', 302],
  ['301', 301],
  ['302', 302],
  ['307', 307],
  ['308', 308],
])

/** Redirect of all requests to the other scheme of the same name. */
export function redirectOf(block: Directive[], names: string[], notes: NoteTaker): Redirect {
  const redirecting = block.filter(({ name }) =>
    ['redirect', 'redirectpermanent', 'redirecttemp', 'redirectmatch', 'rewriterule'].includes(name),
  )
  for (const one of redirecting) {
    const redirect = one.name === 'rewriterule' ? rewritten(one, block) : redirected(one, names)
    if (redirect) return redirect
    const flags = flagsOf(one)
    if (!flags.has('p') && !flags.has('f') && !flags.has('g'))
      notes.left(one, one.name, 'Only redirects of all requests to the other scheme are taken over.')
  }
  return null
}

/** `Redirect permanent / https://shop.test/`, `RedirectMatch ^/(.*)$ https://shop.test/$1` */
function redirected({ name, args }: Directive, names: string[]): Redirect {
  const isShort = name === 'redirectpermanent' || name === 'redirecttemp'
  const first = isShort ? (name === 'redirectpermanent' ? '301' : '302') : (args[0] ?? '')
  const hasCode = isShort || codes.has(first.toLowerCase())
  const [from = '', to = ''] = hasCode && !isShort ? args.slice(1) : args
  const code = hasCode ? codes.get(first.toLowerCase()) : 302
  const isAll = name === 'redirectmatch' ? /^\^?\/?\(?(?:\.\*|\/\.\*)\)?\$?$/.test(from) : from === '/'
  const target = /^(https?):\/\/([^/:]+)(?::\d+)?(?:\/?(?:\$1)?)$/i.exec(to)
  if (!isAll || !target || code === undefined || !names.includes(target[2]?.toLowerCase() ?? '')) return null
  return { to: target[1]?.toLowerCase() as 'https' | 'http', code }
}

const sameAddress = /^(https?):\/\/%\{(?:HTTP_HOST|SERVER_NAME)\}(?::\d+)?(?:%\{REQUEST_URI\}|\/?\$1)$/i

/** `RewriteRule ^ https://%{SERVER_NAME}%{REQUEST_URI} [END,NE,R=permanent]`, as Certbot writes it, or alike. */
function rewritten(rule: Directive, block: Directive[]): Redirect {
  const [pattern = '', target = ''] = rule.args
  const to = sameAddress.exec(target)?.[1]?.toLowerCase()
  const flag = flagsOf(rule).get('r')
  const code = codes.get(flag || '302')
  const isKnown = conditionsBefore(rule, block).every(({ args: [tested = ''] }) =>
    /^%\{(?:HTTPS|SERVER_NAME|HTTP_HOST|SERVER_PORT|REQUEST_SCHEME)\}$/i.test(tested),
  )
  if (!to || flag === undefined || !code || !isKnown || !/^(?:\^|\^?\/?\(?\.\*\)?\$?)$/.test(pattern))
    return null
  return { to: to as 'https' | 'http', code }
}
