import type { Preflight, PreflightReason } from '../../contract/inspect/preflight.ts'
import type { PreflightFacts } from './facts.ts'
import type { Comparison, Conditions, PreflightRule, RulePack } from './rule.ts'

/** Verdict of the target of `pack` on a certificate with these facts. */
export function evaluate({ target, rules }: RulePack, facts: PreflightFacts): Preflight {
  const reasons = rules
    .filter(({ when }) => holds(when, facts))
    .map((rule) => reasonOf(target.id, rule, facts))
    .toSorted((a, b) => Number(a.verdict === 'warns') - Number(b.verdict === 'warns'))
  const verdict = reasons[0]?.verdict ?? 'takes'
  return {
    target,
    verdict,
    sentence: sentenceOf(target.name, verdict, reasons),
    reasons,
    rules: rules.length,
  }
}

function holds(conditions: Conditions, facts: PreflightFacts): boolean {
  return Object.entries(conditions).every(([fact, wanted]) => {
    const value = facts[fact as keyof PreflightFacts]
    return typeof wanted === 'object' ? compares(value, wanted) : value === wanted
  })
}

function compares(value: PreflightFacts[keyof PreflightFacts], wanted: Comparison): boolean {
  const { not, oneOf, noneOf, above, below, from, before } = wanted
  return (
    (not === undefined || value !== not) &&
    (oneOf === undefined || oneOf.includes(value)) &&
    !noneOf?.includes(value) &&
    (above === undefined || Number(value) > above) &&
    (below === undefined || Number(value) < below) &&
    (from === undefined || String(value) >= from) &&
    (before === undefined || String(value) < before)
  )
}

function reasonOf(target: string, rule: PreflightRule, facts: PreflightFacts): PreflightReason {
  const { id, verdict, message, fix, code, source } = rule
  return {
    rule: `${target}.${id}`,
    verdict,
    message: filled(message, facts),
    fix,
    code: code ?? null,
    source: { ...source, seenIn: source.seenIn ?? null },
  }
}

function filled(message: string, facts: PreflightFacts): string {
  return message.replace(/\{(\w+)\}/g, (_, name: keyof PreflightFacts) => String(facts[name]))
}

function sentenceOf(
  name: string,
  verdict: Preflight['verdict'],
  [first, ...more]: PreflightReason[],
): string {
  if (!first) return `Accepted by ${name}.`
  const others = more.filter((reason) => reason.verdict === verdict).length
  const rest = others === 0 ? '' : ` And ${others} more reason${others === 1 ? '' : 's'}.`
  const begin = verdict === 'refuses' ? `Refused by ${name}` : `Accepted by ${name}, but`
  return `${begin}: ${first.message}${rest}`
}
