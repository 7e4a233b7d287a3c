import type { StoredPolicies } from '../../../contract/domains/policies.ts'
import { addressList } from '../../protocol/address-list.ts'
import { fieldRules, applyToFields, applyToLines } from './field-rules.ts'
import { passwordGate } from './password-gate.ts'
import type { Route } from '../../protocol/snapshot.ts'
import { pathOf, type EdgeRequest } from '../http/request.ts'
import { isIP } from 'node:net'
import { hstsValue } from '../../../domain/hsts-value.ts'
import { ListedFields } from '../http/fields.ts'
import type { Page } from '../http/pages.ts'
import { hopFields, type ResponseHead } from '../http/response.ts'
import { withoutLines } from '../http/field-lines.ts'

/** Policies of a route, compiled for requests; null means no action. */
export type RouteRules = ReturnType<typeof compile>

/** Route with its rules, compiled when a snapshot is applied and not for each request. */
export interface ServedRoute extends Route {
  rules: RouteRules
}

export function servedRoute(route: Route): ServedRoute {
  return { ...route, rules: rulesOf(route.policies) }
}

/** Domain under which a route is counted and reported; null for the page of an unknown name. */
export function domainOf(route: Route | null): string | null {
  return route && !route.standIn?.isUnknown ? route.domain : null
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

function compile({ hsts, redirect, headers, access, body, findings, timeouts }: StoredPolicies) {
  return {
    hsts: hstsValue(hsts),
    unredirected: pathRules(redirect.except),
    requestFields: fieldRules(headers.rules, 'request'),
    responseFields: fieldRules(headers.rules, 'response'),
    addresses: addressList(access.allow),
    gate: passwordGate(access),
    watched: findings.watch,
    maxBodyBytes: body.maxBytes ?? Infinity,
    /** Minimum rates of a client in bytes per second; null for the edge's defaults. */
    minRequestRate: timeouts.minRequestRate,
    minResponseRate: timeouts.minResponseRate,
  }
}

/** Compiles paths, or prefixes with a final `*`; null for an empty list. */
export function pathRules(paths: readonly string[]): ((target: string) => boolean) | null {
  if (paths.length === 0) return null
  const exact = new Set(paths.filter((path) => !path.endsWith('*')))
  const beginnings = paths.filter((path) => path.endsWith('*')).map((path) => path.slice(0, -1))
  return (target) => {
    const path = pathOf(target)
    if (dotSegment.test(path)) return false
    return exact.has(path) || beginnings.some((beginning) => path.startsWith(beginning))
  }
}

/**
 * Segment "." or "..", with which a path matches no rule: browsers send none, and origins disagree on what it
 * leads to. Some decode "%2f" before, or twice, merge slashes, take a backslash for one, or cut off what
 * follows a ";", a "#", a NUL or a space.
 */
const dotSegment =
  /(?:[/\\]|%(?:25)*(?:2f|5c))(?:\.|%(?:25)*2e){1,2}(?:[/\\;]|%(?:25)*(?:2f|5c|3b|3f|23|20|0[09ad])|$)/i

/**
 * Replaces the origin's HSTS field by the domain's. Browsers ignore it over plain HTTP and for an IP address
 * (RFC 6797, sections 7.2 and 8.1.1), so it is left out there.
 */
export function withHsts(
  headers: string[],
  value: string | null,
  request: { secure: boolean; hostname: string },
): string[] {
  if (value === null || !request.secure || isIP(request.hostname.replace(/^\[|\]$/g, '')) !== 0)
    return headers
  const fields: string[] = []
  for (let at = 0; at < headers.length; at += 2) {
    if (headers[at]!.toLowerCase() !== 'strict-transport-security')
      fields.push(headers[at]!, headers[at + 1]!)
  }
  fields.push('strict-transport-security', value)
  return fields
}

export function applyToRequest(request: EdgeRequest, { gate, requestFields }: RouteRules): EdgeRequest {
  if (gate === null && requestFields === null) return request
  let { lines } = request
  // The password was for the edge; an origin has its own.
  if (gate !== null && !gate.forwardsAuthorization) lines = withoutLines(lines, 'authorization')
  if (requestFields !== null) lines = applyToLines(requestFields, lines)
  return { ...request, lines }
}

export function applyToResponse(
  head: ResponseHead,
  request: EdgeRequest,
  { responseFields, hsts }: RouteRules,
): ResponseHead {
  if (responseFields === null && hsts === null) return head
  const given = head.headers.list()
  const ruled = responseFields === null ? given : applyToFields(responseFields, given)
  const headers = new ListedFields(withHsts(ruled, hsts, request))
  return { ...head, headers, hop: hopFields(headers) }
}

export function applyToPage(page: Page, request: EdgeRequest, { hsts }: RouteRules): Page {
  const headers = withHsts(page.headers, hsts, request)
  return headers === page.headers ? page : { ...page, headers }
}
