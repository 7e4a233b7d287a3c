import type { FindingKind } from '../contract/findings.ts'

export interface DevServerHint {
  file: string
  /** As they are to be written. */
  lines: string
  /** Where its makers describe it; read in November 2026. */
  source: string
}

/**
 * What a development server has to be told to be reached as `host` behind the edge; null for other kinds.
 * It still works where it is visited directly: `npm run conformance:dev-servers` holds the lines against the servers.
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
      // Of its own it names the port that it listens on; these zeros stand for what the page came from.
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
