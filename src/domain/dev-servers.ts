import { devServerKindSchema, type DevServerKind } from '../contract/shared/dev-servers.ts'
import type { FindingKind } from '../contract/findings/findings.ts'

export interface DevServerHint {
  /** Name of the server. */
  server: string
  file: string
  /** Lines for the configuration file. */
  lines: string
  /** URL of the server's documentation, read in November 2026. */
  source: string
  /**
   * Whether `Host: localhost` at the origin cures it too. Not so for webpack and Next.js, which compare the
   * Origin of their websocket, and Rails, which reads X-Forwarded-Host.
   */
  isCuredByHost: boolean
}

/**
 * Configuration that makes a development server reachable as `host` behind the edge; null for other kinds.
 * Direct visits still work: `npm run conformance -- dev-servers` tests the lines against the servers.
 */
export function devServerHint(kind: FindingKind, host: string): DevServerHint | null {
  const found = devServerKindSchema.safeParse(kind)
  // Every server but Next.js takes a leading dot, Next.js a star, for every name below.
  const below = host.startsWith('*.') ? host.slice(1) : host
  return found.success ? hints[found.data](below, host) : null
}

/** Sentence about an origin that answered with its refusal of `host`. */
export function refusalMessage(kind: DevServerKind, host: string): string {
  const server = devServerHint(kind, host)?.server
  return kind === 'dev-server.next'
    ? `The origin is ${server} and refuses the websocket of its live updates from ${host}.`
    : `The origin is ${server} and refuses the name ${host}.`
}

/** Host header at the origin that `isCuredByHost` is about. */
export const curingHost = 'localhost'

const hints: Record<DevServerKind, (below: string, host: string) => DevServerHint> = {
  'dev-server.vite': (below) => ({
    server: 'a Vite development server',
    file: 'vite.config.js',
    lines: `server: { allowedHosts: ['${below}'] },`,
    source: 'https://vite.dev/config/server-options#server-allowedhosts',
    isCuredByHost: true,
  }),
  // The default is the server's own port; these zeros stand for the page's host and port.
  'dev-server.webpack': (below) => ({
    server: 'a webpack development server',
    file: 'webpack.config.js',
    lines: `devServer: { allowedHosts: ['${below}'], client: { webSocketURL: 'auto://0.0.0.0:0/ws' } },`,
    source: 'https://webpack.js.org/configuration/dev-server/#websocketurl',
    isCuredByHost: false,
  }),
  'dev-server.next': (_below, host) => ({
    server: 'a Next.js development server',
    file: 'next.config.js',
    lines: `allowedDevOrigins: ['${host}'],`,
    source: 'https://nextjs.org/docs/app/api-reference/config/next-config-js/allowedDevOrigins',
    isCuredByHost: false,
  }),
  'dev-server.angular': (below) => ({
    server: 'an Angular development server',
    file: 'angular.json, in "serve", "options"',
    lines: `"allowedHosts": ["${below}"],`,
    source: 'https://angular.dev/cli/serve',
    isCuredByHost: true,
  }),
  'dev-server.rails': (below) => ({
    server: 'a Rails server',
    file: 'config/environments/development.rb',
    lines: `config.hosts << "${below}"`,
    source: 'https://guides.rubyonrails.org/configuring.html#actiondispatch-hostauthorization',
    isCuredByHost: false,
  }),
  'dev-server.django': (below) => ({
    server: 'a Django server',
    file: 'settings.py',
    lines: `ALLOWED_HOSTS = ['${below}']`,
    source: 'https://docs.djangoproject.com/en/stable/ref/settings/#allowed-hosts',
    isCuredByHost: true,
  }),
}
