import { isIPv6 } from 'node:net'
import { domainToASCII } from 'node:url'
import type { Origin } from '../../contract/domains.ts'
import { echoOf } from '../../contract/echo.ts'
import { EdgekeepError } from '../../contract/errors.ts'
import { toPem } from '../pki/convert.ts'
import { openIntake } from '../pki/intake.ts'

/** Lower-case A-labels, no brackets around IPv6, anchors as clean PEM. Throws `origin.invalid`. */
export function normaliseOrigin(origin: Origin): Origin {
  return {
    ...origin,
    host: normaliseHost(origin.host),
    hostHeader: origin.hostHeader ? checkedHeader(origin.hostHeader) : null,
    sni: origin.sni ? normaliseHost(origin.sni) : null,
    anchorsPem: origin.anchorsPem ? checkedAnchors(origin.anchorsPem, origin.host) : null,
  }
}

/** The certificates in `text` and nothing else of it: what also holds a key is stored without. */
function checkedAnchors(text: string, shown: string): string {
  const intake = openIntake([{ name: 'anchors', bytes: Buffer.from(text) }])
  try {
    const certificates = [...intake.certificates().values()]
    if (certificates.length === 0) {
      throw new EdgekeepError('origin.invalid', {
        origin: echoOf(shown),
        reason: 'the anchors for its certificate hold no certificate; give them as PEM',
      })
    }
    return certificates.map((der) => toPem(der)).join('')
  } finally {
    intake.destroy()
  }
}

function normaliseHost(host: string): string {
  const bare = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host
  if (isIPv6(bare)) return bare.toLowerCase()
  const ascii = /[\s/:@?#\\%]/.test(bare) ? '' : domainToASCII(bare)
  if (!ascii) throw new EdgekeepError('origin.invalid', { origin: echoOf(host), reason: 'it names no host' })
  return ascii
}

/** RFC 9110, section 7.2: `uri-host [ ":" port ]`, nothing that could end the header line. */
function checkedHeader(value: string): string {
  if (!/^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:\d{1,5})?$/.test(value)) {
    throw new EdgekeepError('origin.invalid', {
      origin: echoOf(value),
      reason: 'a Host header is a name or name:port',
    })
  }
  return value.toLowerCase()
}
