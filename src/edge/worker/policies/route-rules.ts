import type { StoredPolicies } from '../../../contract/domains/policies.ts'
import { addressList, type AddressList } from '../../protocol/address-list.ts'
import { fieldRules, type FieldRules } from './field-rules.ts'
import { hstsValue } from './hsts.ts'
import { passwordGate, type PasswordGate } from './password-gate.ts'
import { pathRules, type PathRules } from './path-rules.ts'
import type { Route } from '../../protocol/snapshot.ts'

/** Policies of a route, compiled for requests; null means no action. */
export interface RouteRules {
  /** Value of Strict-Transport-Security. */
  hsts: string | null
  /** Paths without redirect. */
  unredirected: PathRules | null
  requestFields: FieldRules | null
  responseFields: FieldRules | null
  addresses: AddressList | null
  gate: PasswordGate | null
  /** Whether responses are searched for findings. */
  watched: boolean
  /** `Infinity` for no limit. */
  maxBodyBytes: number
  /** Minimum rates of a client in bytes per second; null for the edge's defaults. */
  minRequestRate: number | null
  minResponseRate: number | null
}

/** Route with its rules, compiled when a snapshot is applied and not for each request. */
export interface ServedRoute extends Route {
  rules: RouteRules
}

export function servedRoute(route: Route): ServedRoute {
  return { ...route, rules: rulesOf(route.policies) }
}

/** Routes without a policy of their own share one object. */
const compiled = new WeakMap<StoredPolicies, RouteRules>()

function rulesOf(policies: StoredPolicies): RouteRules {
  let rules = compiled.get(policies)
  if (!rules) {
    rules = compile(policies)
    compiled.set(policies, rules)
  }
  return rules
}

function compile({ hsts, redirect, headers, access, body, findings, timeouts }: StoredPolicies): RouteRules {
  return {
    hsts: hstsValue(hsts),
    unredirected: pathRules(redirect.except),
    requestFields: fieldRules(headers.rules, 'request'),
    responseFields: fieldRules(headers.rules, 'response'),
    addresses: addressList(access.allow),
    gate: passwordGate(access),
    watched: findings.watch,
    maxBodyBytes: body.maxBytes ?? Infinity,
    minRequestRate: timeouts.minRequestRate,
    minResponseRate: timeouts.minResponseRate,
  }
}
