import type { Origin } from '../../contract/domains/domains.ts'
import { toPem } from '../../pki/formats/convert.ts'
import { normaliseDomain } from '../../pki/x509/host-names.ts'
import { normaliseOrigin } from './origin.ts'
import type { DomainNeeds } from './needs.ts'
import { probeFolder } from './probe-folder.ts'
import { probeOrigin, type OriginProbe } from './probe-origin.ts'
import { trustedAnchors } from '../certificates/verdicts.ts'

/** Makes the edge's request for `domain`, which may not exist yet; for `follow` to both ports. */
export async function testOrigin(parts: DomainNeeds, domain: string, given: Origin): Promise<OriginProbe> {
  const origin = normaliseOrigin(parts, given)
  if (origin.protocol === 'folder') return probeFolder(origin)
  const host = normaliseDomain(domain).replace(/^\*\./, 'check.')
  const anchors = () =>
    trustedAnchors(parts).flatMap(({ certificates }) => certificates.map((der) => toPem(der)))
  if (origin.protocol !== 'follow') return probeOrigin(origin, host, anchors)
  const [http, https] = await Promise.all([
    probeOrigin(origin, host, anchors, 'http'),
    probeOrigin(origin, host, anchors, 'https'),
  ])
  return {
    ok: http.ok && https.ok,
    seen: `${http.seen} ${https.seen}`,
    tookMs: Math.max(http.tookMs, https.tookMs),
  }
}
