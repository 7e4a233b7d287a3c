import type { Preflight, Target } from '../../contract/inspect/preflight.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { rulePacks } from './all-packs.ts'
import { evaluate } from './evaluate.ts'
import { type PreflightInput, preflightFacts } from './facts.ts'

export const targets: Target[] = rulePacks.map(({ target }) => target)

/**
 * Judges certificate, chain and key in their current files by the selected targets, by default all.
 * @throws EdgekeepError `input.invalid` for an unknown target
 */
export function preflight(input: PreflightInput, wanted?: string[]): Preflight[] {
  const facts = preflightFacts(input)
  return packsFor(wanted).map((pack) => evaluate(pack, facts))
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
