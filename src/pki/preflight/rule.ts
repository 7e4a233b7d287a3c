import type { Target } from '../../contract/inspect/preflight.ts'
import type { PreflightFacts } from './facts.ts'

type Value = string | number | boolean

/** Comparisons of one fact, all of which have to hold. Dates are ISO dates. */
export interface Comparison {
  not?: Value
  oneOf?: readonly Value[]
  noneOf?: readonly Value[]
  above?: number
  below?: number
  from?: string
  before?: string
}

/** A value per fact, or a comparison; all have to hold. */
export type Conditions = { readonly [Fact in keyof PreflightFacts]?: Value | Comparison }

/** A refusal or warning of a target, with its source. Pure data. */
export interface PreflightRule {
  /** Unique in the pack, `key-type`. */
  id: string
  when: Conditions
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
