import type { Origin } from '../../contract/domains.ts'
import { toPem } from '../pki/convert.ts'
import { normaliseOrigin } from './origin.ts'
import type { EngineParts } from './parts.ts'
import { probeOrigin } from './probe.ts'
import { trustedAnchors } from './verdicts.ts'

export interface OriginTest {
  ok: boolean
  seen: string
  tookMs: number
}

/** Asks the origin as the edge would; with `follow`, both of its ports. */
export async function testOrigin(parts: EngineParts, domain: string, given: Origin): Promise<OriginTest> {
  const origin = normaliseOrigin(given)
  const host = domain.replace(/^\*\./, 'check.')
  const anchors = trustedAnchors(parts).flatMap(({ certificates }) => certificates.map((der) => toPem(der)))
  if (origin.protocol !== 'follow') return probeOrigin(origin, host, anchors)
  const [http, https] = await Promise.all([
    probeOrigin({ ...origin, protocol: 'http' }, host, anchors),
    probeOrigin({ ...origin, protocol: 'https' }, host, anchors),
  ])
  return {
    ok: http.ok && https.ok,
    seen: `${http.seen} ${https.seen}`,
    tookMs: Math.max(http.tookMs, https.tookMs),
  }
}
