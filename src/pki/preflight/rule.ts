import type { Target } from '../../contract/inspect/preflight.ts'
import type { PreflightFacts } from './facts.ts'

type FactName = keyof PreflightFacts
type Value = string | number | boolean

/** Test of one fact, with exactly one comparison. */
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

/** A refusal or warning of a target, with its source. Pure data. */
export interface PreflightRule {
  /** Unique in the pack, `key-type`. */
  id: string
  /** The rule applies if all of them hold. */
  when: Condition[]
  verdict: 'refuses' | 'warns'
  /** `{lifetimeDays}` is replaced by that fact. */
  message: string
  fix: string
  /** The target's own error code or sentence. */
  code?: string
  source: Source
}

export interface Source {
  url: string
  /** ISO date of the last reading. */
  readOn: string
  /** Program and version in which the behaviour was observed. */
  seenIn?: string
}

export interface RulePack {
  target: Target
  rules: PreflightRule[]
}
