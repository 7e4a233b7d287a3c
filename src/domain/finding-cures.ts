import { headerRemedy, type FindingKind } from '../contract/findings/findings.ts'
import type { Domain } from '../contract/domains/domains.ts'
import { curingHost, devServerHint } from './dev-servers.ts'

export interface CuringSettings {
  origin: Domain['origin']
  policies: { headers: Domain['policies']['headers'] }
}

/** Whether settings of the domain cure a finding: its later responses are without it. */
export function isCured(kind: FindingKind, { origin, policies }: CuringSettings): boolean {
  const rule = headerRemedy(kind)
  if (rule) return policies.headers.rules.some((each) => hasEffectOf(each, rule))
  const isHostSent = origin.protocol !== 'folder' && origin.hostHeader === curingHost
  return isHostSent && (devServerHint(kind, '')?.isCuredByHost ?? false)
}

type Rule = CuringSettings['policies']['headers']['rules'][number]

function hasEffectOf({ on, action, name, value }: Rule, wanted: Rule): boolean {
  return (
    on === wanted.on &&
    action !== 'drop' &&
    name.toLowerCase() === wanted.name.toLowerCase() &&
    value === wanted.value
  )
}
