import type { Target } from '../../contract/preflight.ts'
import type { PreflightFacts } from './facts.ts'

type FactName = keyof PreflightFacts
type Value = string | number | boolean

/** About one fact. Exactly one of the comparisons is there. */
export type Condition = { fact: FactName } & (
  | { is: Value }
  | { not: Value }
  | { oneOf: Value[] }
  | { noneOf: Value[] }
  | { above: number }
  | { below: number }
  /** ISO dates. */
  | { from: string }
  | { before: string }
)

/** What a target refuses or does not like, and where it says so. Pure data. */
export interface PreflightRule {
  /** Within the pack, `key-type`. */
  id: string
  /** All of them have to hold for the rule to speak. */
  when: Condition[]
  verdict: 'refuses' | 'warns'
  /** `{lifetimeDays}` stands for that fact. */
  message: string
  fix: string
  /** The target's own code or sentence. */
  code?: string
  source: Source
}

/** What a rule rests on. */
export interface Source {
  url: string
  /** ISO date on which the rule was read there. */
  readOn: string
  /** The program, with its version, that was seen doing it. */
  seenIn?: string
}

export interface RulePack {
  target: Target
  rules: PreflightRule[]
}
