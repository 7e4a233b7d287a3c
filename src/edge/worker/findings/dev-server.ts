import type { Found } from './found.ts'

export function devServerByPath(path: string): Found | null {
  const plain = path.split(/[?#]/, 1)[0]!
  if (plain.endsWith('/@vite/client')) return { kind: 'dev-server.vite', example: '' }
  if (nextPath.test(plain)) return { kind: 'dev-server.next', example: '' }
  if (/webpack-dev-server|\.hot-update\.(?:m?js|json)$/.test(plain))
    return { kind: 'dev-server.webpack', example: '' }
  return null
}

/** Next.js with webpack and with Turbopack. */
const nextPath =
  /\/_next\/(?:webpack-hmr|hmr)$|\/_next\/static\/(?:development|webpack)\/|\/react-refresh\.js$|\/_next\/static\/chunks\/(?:%5B|\[)turbopack(?:%5D|\])_browser_dev_/i

/** Detects a development server's refusal of an unknown host name. */
export class RefusalFindings {
  #text = ''

  write(piece: string): void {
    // Both sentences are short and come first.
    if (this.#text.length < 1_000) this.#text += piece.slice(0, 1_000)
  }

  found(): Found[] {
    if (this.#text.startsWith('Blocked request. This host ') && this.#text.includes('`server.allowedHosts`'))
      return [{ kind: 'dev-server.vite', example: '' }]
    const isWebpack = this.#text.trim() === 'Invalid Host header'
    return isWebpack ? [{ kind: 'dev-server.webpack', example: '' }] : []
  }
}
