import type { DevServerKind } from '../../../contract/shared/dev-servers.ts'
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

/** Characters of a refusal that are read: Django's names its setting after 8 KB of style sheet. */
export const refusalLength = 32 * 1024

/**
 * Development server that refuses an unknown host name with this response; null for any other response.
 * Seen with Vite 8, webpack-dev-server 5, Angular 20, Rails 7.2 (a page) and 8, and Django 4.2 and 5.
 */
export function refusingServer(status: number, text: string): DevServerKind | null {
  if (status === 400)
    return text.includes('DisallowedHost') && text.includes('ALLOWED_HOSTS') ? 'dev-server.django' : null
  if (status !== 403) return null
  if (text.includes('Blocked request. This host ') && text.includes('allowedHosts'))
    return text.includes('angular.json') ? 'dev-server.angular' : 'dev-server.vite'
  if (text.trim() === 'Invalid Host header') return 'dev-server.webpack'
  return /config\.hosts (?:<<|&lt;&lt;)/.test(text) ? 'dev-server.rails' : null
}

/**
 * Origin of a page whose form Django refuses, since it differs from the address that Django sees; null for any other
 * response. Seen with Django 4.2, whose page has the reason in DEBUG only.
 */
function refusedOrigin(status: number, text: string): string | null {
  if (status !== 403) return null
  return /Origin checking failed - (https?:\/\/[\w.:[\]-]{1,300}) does not match/.exec(text)?.[1] ?? null
}

/** Reads the text of a response for the refusal of a name or of a form. */
export class RefusalFindings {
  readonly #status: number
  #text = ''

  constructor(status: number) {
    this.#status = status
  }

  write(piece: string): void {
    this.#text += piece.slice(0, refusalLength - this.#text.length)
  }

  found(): Found[] {
    const kind = refusingServer(this.#status, this.#text)
    if (kind) return [{ kind, example: '' }]
    const origin = refusedOrigin(this.#status, this.#text)
    return origin === null ? [] : [{ kind: 'form.refused-origin', example: origin }]
  }
}
