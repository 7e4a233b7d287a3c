import { ListedFields } from '../http/fields.ts'
import { applyToFields, applyToLines } from './field-rules.ts'
import { withHsts } from './hsts.ts'
import type { Page } from '../http/pages.ts'
import type { EdgeRequest } from '../http/request.ts'
import { hopFields, type ResponseHead } from '../http/response.ts'
import type { RouteRules } from './route-rules.ts'
import { withoutLines } from '../http/field-lines.ts'

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
