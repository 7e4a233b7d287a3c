import type { FindingKind } from './findings.ts'

export interface DevServerHint {
  file: string
  /** As they are to be written. */
  lines: string
  /** Where its makers describe it; read in November 2026. */
  source: string
}

/** What a development server behind the edge has to be told, to be reached as `https://host:port`; null for other kinds. */
export function devServerHint(kind: FindingKind, host: string, port: number): DevServerHint | null {
  // Vite and webpack take a leading dot, Next.js a star, for every name below.
  const below = host.startsWith('*.') ? host.slice(1) : host
  const name = host.replace(/^\*\./, 'www.')
  switch (kind) {
    case 'dev-server.vite':
      return {
        file: 'vite.config.js',
        lines: `server: { allowedHosts: ['${below}'], hmr: { protocol: 'wss', clientPort: ${port} } },`,
        source: 'https://vite.dev/config/server-options#server-allowedhosts',
      }
    case 'dev-server.webpack':
      return {
        file: 'webpack.config.js',
        lines: `devServer: { allowedHosts: ['${below}'], client: { webSocketURL: 'wss://${name}${port === 443 ? '' : `:${port}`}/ws' } },`,
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
