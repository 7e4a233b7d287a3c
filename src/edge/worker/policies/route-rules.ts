import type { KeptPolicies } from '../../../contract/policies.ts'
import { addressList, type AddressList } from '../../protocol/address-list.ts'
import { fieldRules, type FieldRules } from './field-rules.ts'
import { hstsValue } from './hsts.ts'
import { passwordGate, type PasswordGate } from './password-gate.ts'
import { pathRules, type PathRules } from './path-rules.ts'
import type { Route } from '../../protocol/snapshot.ts'

/** What a route's policies come down to for one request; null is nothing to do. */
export interface RouteRules {
  /** The value of Strict-Transport-Security. */
  hsts: string | null
  /** Paths that are not redirected. */
  unredirected: PathRules | null
  requestFields: FieldRules | null
  responseFields: FieldRules | null
  addresses: AddressList | null
  gate: PasswordGate | null
  /** Whether answers are looked through. */
  watched: boolean
  /** `Infinity` for any. */
  maxBodyBytes: number
  /** Bytes a second that a client must send and take; null is the edge's own measure. */
  minRequestRate: number | null
  minResponseRate: number | null
}

/** A route as the edge looks it up: made ready once, when it is taken up, and not for each request. */
export interface ServedRoute extends Route {
  rules: RouteRules
}

export function servedRoute(route: Route): ServedRoute {
  return { ...route, rules: rulesOf(route.policies) }
}

/** Routes that have no policy of their own come with one and the same object. */
const compiled = new WeakMap<KeptPolicies, RouteRules>()

function rulesOf(policies: KeptPolicies): RouteRules {
  let rules = compiled.get(policies)
  if (!rules) {
    rules = compile(policies)
    compiled.set(policies, rules)
  }
  return rules
}

function compile({ hsts, redirect, headers, access, body, findings, timeouts }: KeptPolicies): RouteRules {
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
