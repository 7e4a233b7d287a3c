import type { FindingKind } from '../contract/findings/findings.ts'

export interface DevServerHint {
  file: string
  /** Lines for the configuration file. */
  lines: string
  /** URL of the server's documentation, read in November 2026. */
  source: string
}

/**
 * Configuration that makes a development server reachable as `host` behind the edge; null for other kinds.
 * Direct visits still work: `npm run conformance -- dev-servers` tests the lines against the servers.
 */
export function devServerHint(kind: FindingKind, host: string): DevServerHint | null {
  // Vite and webpack take a leading dot, Next.js a star, for every name below.
  const below = host.startsWith('*.') ? host.slice(1) : host
  switch (kind) {
    case 'dev-server.vite':
      return {
        file: 'vite.config.js',
        lines: `server: { allowedHosts: ['${below}'] },`,
        source: 'https://vite.dev/config/server-options#server-allowedhosts',
      }
    case 'dev-server.webpack':
      // The default is the server's own port; these zeros stand for the page's host and port.
      return {
        file: 'webpack.config.js',
        lines: `devServer: { allowedHosts: ['${below}'], client: { webSocketURL: 'auto://0.0.0.0:0/ws' } },`,
        source: 'https://webpack.js.org/configuration/dev-server/#websocketurl',
      }
    case 'dev-server.next':
      return {
        file: 'next.config.js',
        lines: `allowedDevOrigins: ['${host}'],`,
        source: 'https://nextjs.org/docs/app/api-reference/config/next-config-js/allowedDevOrigins',
      }
    default:
      return null
  }
}
