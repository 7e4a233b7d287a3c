import { z } from 'zod'
import type { HeaderRule } from '../domains/header-rules.ts'
import { timeSchema } from '../shared/time.ts'

interface FindingText {
  title: string
  /** Behaviour of browsers, and the remedy. */
  advice: string
}

/** Everything that can be found, with its meaning (W3C Mixed Content Level 2; RFC 6265bis; CSP Level 3). */
export const findingRegistry = {
  'mixed.blocked': {
    title: 'Loaded over HTTP, so browsers block it',
    advice:
      'Write the address with https:// or without a scheme, or have the page send upgrade-insecure-requests.',
  },
  'mixed.upgraded': {
    title: 'Requested over HTTP; browsers upgrade it to HTTPS',
    advice: 'If that server has no HTTPS, it is not loaded. Write the address with https://.',
  },
  'mixed.websocket': {
    title: 'A websocket is opened without TLS',
    advice:
      'Browsers block it, or open it without the Secure cookies of the page. Write wss://, or build its address from location.protocol.',
  },
  'mixed.form': {
    title: 'A form is sent over HTTP',
    advice:
      'Browsers warn before they send it, and leave out Secure cookies. Write its action with https:// or without a scheme.',
  },
  'page.local-address': {
    title: 'The page asks an address of this computer or its network',
    advice:
      'Once the site is public, Chrome (from 142) asks each visitor for permission (local network access), and the address is their own computer or network. Use an address of the site, and give that path its own origin here.',
  },
  'csp.no-upgrade': {
    title: 'The page loads resources over HTTP and does not send upgrade-insecure-requests',
    advice:
      'With it, browsers request everything on the page over HTTPS. Have the origin send it, or let the edge add it.',
  },
  'csp.http-source': {
    title: 'The Content-Security-Policy names an address with http://',
    advice: 'Write that source with https://.',
  },
  'csp.blocks-mixed': {
    title: 'The Content-Security-Policy has block-all-mixed-content',
    advice: 'It is deprecated, and older browsers block images too. Use upgrade-insecure-requests instead.',
  },
  'redirect.to-http': {
    title: 'An HTTPS request is sent to HTTP',
    advice:
      'The origin builds its addresses with http://. Have it take X-Forwarded-Proto for the scheme (often called "trust proxy").',
  },
  'redirect.to-localhost': {
    title: 'A redirect leaves this domain for localhost',
    advice:
      'The session stays behind: cookies of this domain are not sent there. Set the public address of the application (often BASE_URL, APP_URL or NEXTAUTH_URL), and its callback at the sign-in service, to the address of this domain.',
  },
  'redirect.loop': {
    title: 'The redirect leads back to where it came from',
    advice:
      'The browser never arrives. The origin redirects to HTTPS by itself without seeing that the request came over HTTPS: have it take X-Forwarded-Proto for the scheme, or turn off one of the two redirects.',
  },
  'cookie.not-secure': {
    title: 'A cookie is set over HTTPS without Secure',
    advice: 'Browsers send it over HTTP too, where it can be read on the way. Add Secure.',
  },
  'cookie.same-site-none': {
    title: 'A cookie has SameSite=None without Secure',
    advice: 'Browsers reject it. Add Secure.',
  },
  'cookie.domain': {
    title: 'A cookie is set for a domain that this page is not in',
    advice:
      'Browsers reject it, and for a single label such as localhost always. Leave out Domain: the cookie then belongs to the host that set it.',
  },
  'cookie.prefix': {
    title: 'A cookie breaks the rules of its name prefix',
    advice: 'Browsers reject it: __Secure- needs Secure, and __Host- needs Secure and Path=/ and no Domain.',
  },
  'hsts.from-origin': {
    title: 'The origin sends HSTS of its own',
    advice: 'It is passed on, because the domain has no HSTS policy here; with one, that takes its place.',
  },
  'body.unread': {
    title: 'The page could not be checked',
    advice: 'Its content coding is unknown, or it is damaged.',
  },
  'body.cut': {
    title: 'Only the beginning of the page was checked',
    advice:
      'Up to 512 KB of a page are read, for a quarter of a second. There may be more findings further down.',
  },
  'form.refused-origin': {
    title: 'Django refuses a form because of its origin',
    advice:
      'It compares the address of the page with its own, which is HTTP. Add the address below to CSRF_TRUSTED_ORIGINS in settings.py.',
  },
  'dev-server.vite': {
    title: 'The origin is a Vite development server',
    advice: 'For its page and its updates to come through the edge, its configuration needs:',
  },
  'dev-server.webpack': {
    title: 'The origin is a webpack development server',
    advice: 'For its page and its updates to come through the edge, its configuration needs:',
  },
  'dev-server.next': {
    title: 'The origin is a Next.js development server',
    advice: 'For its updates to come through the edge, its configuration needs:',
  },
  'dev-server.angular': {
    title: 'The origin is an Angular development server',
    advice: 'For its page to come through the edge, its configuration needs:',
  },
  'dev-server.rails': {
    title: 'The origin is a Rails server that refuses the name',
    advice: 'For its pages to come through the edge, its configuration needs:',
  },
  'dev-server.django': {
    title: 'The origin is a Django server that refuses the name',
    advice: 'For its pages to come through the edge, its configuration needs:',
  },
} as const satisfies Record<string, FindingText>

/** Returns the header rule with which the edge remedies a finding; null if none does. */
export function headerRemedy(kind: FindingKind): HeaderRule | null {
  if (kind !== 'csp.no-upgrade') return null
  return {
    on: 'response',
    action: 'add',
    name: 'Content-Security-Policy',
    value: 'upgrade-insecure-requests',
  }
}

export type FindingKind = keyof typeof findingRegistry
const kinds = Object.keys(findingRegistry) as [FindingKind, ...FindingKind[]]

export const findingSchema = z.object({
  domain: z.string(),
  kind: z.enum(kinds),
  /** Path of the page, without query; prefixed with the host if the domain is a wildcard. */
  path: z.string(),
  /** URL without query, cookie name or directive; empty if the kind says it all. */
  example: z.string(),
  count: z.number().int(),
  firstSeen: timeSchema,
  lastSeen: timeSchema,
})
export type Finding = z.infer<typeof findingSchema>
