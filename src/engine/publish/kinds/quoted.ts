import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { echoOf } from '../../../domain/echo.ts'

/**
 * Threat model: a value that ends its quotes would be configuration of a server that runs as root. These characters have no
 * meaning inside the double quotes of nginx, HAProxy, Caddy or Apache; all others, such as `"`, `\`, `$`, `{`,
 * `%`, `#` and line breaks, are refused and never escaped.
 */
const plainValue = /^[A-Za-z0-9 ._~:;/@+,=[\]-]*$/

/**
 * Value in double quotes, as all servers read it.
 * @throws `publish.unwritable`
 */
export function quoted(value: string): string {
  return `"${plain(value)}"`
}

/**
 * Value without quotes, for a writer that sets them by itself: what its server makes of a value is not ours to know,
 * such as templates in Traefik's files.
 * @throws `publish.unwritable`
 */
export function plain(value: string): string {
  if (!plainValue.test(value)) throw new EdgekeepError('publish.unwritable', { value: echoOf(value) })
  return value
}

/**
 * Host name or address without quotes.
 * @throws `publish.unwritable`
 */
export function bareHost(value: string): string {
  if (!/^[A-Za-z0-9._:-]+$/.test(value))
    throw new EdgekeepError('publish.unwritable', { value: echoOf(value) })
  return value
}
