import {
  fieldValues,
  isInsecure,
  isLoopback,
  plainHost,
  shownAddress,
  type Found,
  type Looked,
} from './found.ts'

export function headerFindings(looked: Looked): Found[] {
  const found = redirectFindings(looked)
  if (!looked.secure) return found
  return [
    ...found,
    ...fieldValues(looked.headers, 'set-cookie').flatMap((cookie) => cookieFindings(cookie, looked.hostname)),
    ...policyFindings(contentSecurityPolicies(looked.headers)),
    ...fieldValues(looked.headers, 'strict-transport-security').map((value) => ({
      kind: 'hsts.from-origin' as const,
      example: shownAddress(value),
    })),
  ]
}

function redirectFindings(looked: Looked): Found[] {
  const [location] = fieldValues(looked.headers, 'location')
  if (location === undefined || looked.status < 300 || looked.status > 399) return []
  const here = URL.parse(`${looked.secure ? 'https' : 'http'}://${looked.host}${looked.target}`)
  const there = here && URL.parse(location, here.href)
  if (!there) return []
  const example = shownAddress(there.href)
  if (leadsBack(here, there, looked)) return [{ kind: 'redirect.loop', example }]
  if (!looked.secure) return []
  const local = [there.href, ...there.searchParams.values()].find((each) => isElsewhere(each, here.hostname))
  if (local !== undefined) return [{ kind: 'redirect.to-localhost', example: shownAddress(local) }]
  const isPlain = isInsecure(there.href) || plainHost(there.href) === here.hostname
  return isPlain ? [{ kind: 'redirect.to-http', example }] : []
}

/** Plain HTTP to a server of this computer under another name, also as the callback in a sign-in's address. */
function isElsewhere(address: string, hostname: string): boolean {
  const host = /^http:/i.test(address) ? plainHost(address) : undefined
  return host !== undefined && isLoopback(host) && host !== hostname
}

/** Whether a redirect loops: by itself, or because the edge or HSTS sends the browser back. */
function leadsBack(here: URL, there: URL, { secure, redirectMode, isHsts, headers }: Looked): boolean {
  if (here.hostname !== there.hostname || here.pathname !== there.pathname || here.search !== there.search)
    return false
  // A cookie makes the second request another one.
  if (fieldValues(headers, 'set-cookie').length > 0) return false
  if (here.protocol === there.protocol) return here.port === there.port
  return secure ? redirectMode === 'https' || isHsts : redirectMode === 'http'
}

function cookieFindings(cookie: string, hostname: string): Found[] {
  const [pair = '', ...rest] = cookie.split(';')
  const name = pair.split('=', 1)[0]!.trim().slice(0, 100)
  const attributes = new Map(
    rest.map((attribute) => {
      const [key = '', value = ''] = attribute.split('=')
      return [key.trim().toLowerCase(), value.trim().toLowerCase()]
    }),
  )
  const found: Found[] = []
  const isSecure = attributes.has('secure')
  const scope = attributes.get('domain')?.replace(/^\./, '') ?? ''
  if (scope !== '' && scope !== hostname && !(scope.includes('.') && hostname.endsWith(`.${scope}`)))
    found.push({ kind: 'cookie.domain', example: `${name}; Domain=${scope.slice(0, 100)}` })
  if (!keepsPromise(name.toLowerCase(), attributes)) found.push({ kind: 'cookie.prefix', example: name })
  if (!isSecure && attributes.get('samesite') === 'none')
    found.push({ kind: 'cookie.same-site-none', example: name })
  else if (!isSecure) found.push({ kind: 'cookie.not-secure', example: name })
  return found
}

function keepsPromise(name: string, attributes: Map<string, string>): boolean {
  if (name.startsWith('__host-'))
    return attributes.has('secure') && attributes.get('path') === '/' && !attributes.has('domain')
  return name.startsWith('__secure-') ? attributes.has('secure') : true
}

export function contentSecurityPolicies(headers: readonly string[]): string[] {
  return fieldValues(headers, 'content-security-policy').flatMap((value) => value.split(','))
}

export function policyFindings(policies: readonly string[]): Found[] {
  const directives = policies.flatMap((policy) => policy.split(';').map((directive) => directive.trim()))
  return directives.flatMap((directive): Found[] => {
    const [name = '', ...sources] = directive.split(/\s+/)
    if (name.toLowerCase() === 'block-all-mixed-content') return [{ kind: 'csp.blocks-mixed', example: '' }]
    const insecure = sources.filter(isInsecure).slice(0, 5)
    return insecure.map((source) => ({ kind: 'csp.http-source', example: `${name} ${shownAddress(source)}` }))
  })
}

export function saysUpgrade(policies: readonly string[]): boolean {
  return policies.some((policy) =>
    policy.split(';').some((directive) => directive.trim().toLowerCase() === 'upgrade-insecure-requests'),
  )
}
