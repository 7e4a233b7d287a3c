import type { Preflight, Target } from '../../contract/inspect/preflight.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { evaluate } from './evaluate.ts'
import { type PreflightInput, preflightFacts, programFacts } from './facts.ts'
import { rootPrograms } from '../roots/root-lists.ts'
import { alibabaCloudCdn } from './packs/alibaba-cloud-cdn.ts'
import { android } from './packs/android.ts'
import { apple } from './packs/apple.ts'
import { chrome } from './packs/chrome.ts'
import { cloudflare } from './packs/cloudflare.ts'
import { cloudfront } from './packs/cloudfront.ts'
import { fastly } from './packs/fastly.ts'
import { firefox } from './packs/firefox.ts'
import { haproxy } from './packs/haproxy.ts'
import { java } from './packs/java.ts'
import { nginx } from './packs/nginx.ts'
import { node } from './packs/node.ts'
import type { PreflightRule, RulePack } from './rule.ts'

export const rulePacks: RulePack[] = [
  alibabaCloudCdn,
  cloudflare,
  cloudfront,
  fastly,
  nginx,
  haproxy,
  chrome,
  firefox,
  apple,
  android,
  java,
  node,
]

export const targets: Target[] = rulePacks.map(({ target }) => target)

/**
 * Judges certificate, chain and key in their current files by the selected targets, by default all.
 * @throws EdgekeepError `input.invalid` for an unknown target
 */
export function preflight(input: PreflightInput, wanted?: string[]): Preflight[] {
  const facts = preflightFacts(input)
  const isCa = facts.isCa && !facts.saysForServers
  return packsFor(wanted).map((pack) => {
    if (isCa) return evaluate({ ...pack, rules: [caCertificate] }, facts)
    const program = rootPrograms.find(({ id }) => id === pack.target.id)
    return evaluate(pack, program ? { ...facts, ...programFacts(program.id, input) } : facts)
  })
}

/** Stands for all other rules: none of them says more about a certificate that no site can have. */
const caCertificate: PreflightRule = {
  id: 'ca-certificate',
  when: {},
  verdict: 'refuses',
  message: 'It is a CA certificate, not a site’s.',
  fix: 'Give the certificate that the CA issued for the site.',
  source: { url: 'https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.9', readOn: '2026-11-30' },
}

function packsFor(wanted: string[] | undefined) {
  if (!wanted || wanted.length === 0) return rulePacks
  return wanted.map((id) => {
    const pack = rulePacks.find(({ target }) => target.id === id.toLowerCase())
    if (pack) return pack
    const known = targets.map((target) => target.id).join(', ')
    throw new EdgekeepError('input.invalid', { reason: `Nothing is known of "${id}". Known are: ${known}.` })
  })
}
