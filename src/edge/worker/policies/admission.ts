import type { Outage } from '../../../contract/domains/domains.ts'
import type { StandIn } from '../../protocol/snapshot.ts'
import { outageReason, outageRemedy } from '../../../domain/outage.ts'
import type { Problem } from '../http/pages.ts'
import type { Admission, PasswordChecks } from './password-gate.ts'
import type { Asker } from './password-queue.ts'
import { isRedirected } from './redirect.ts'
import type { EdgeRequest } from '../http/request.ts'
import type { ServedRoute } from './route-rules.ts'
import { valuesInLines } from '../http/field-lines.ts'

export function routeProblem(request: EdgeRequest, route: ServedRoute | null): Problem | null {
  const { hostname, serverName, secure } = request
  if (secure && serverName !== null && serverName !== hostname) {
    return { status: 421, sentence: `This connection was made for ${serverName}, not for ${hostname}.` }
  }
  if (!route) return { status: secure ? 421 : 404, sentence: `No such domain here: ${hostname}.` }
  if (secure && route.certificateId === null) {
    if (route.outage !== null) return downProblem(hostname, route.outage)
    return { status: 421, sentence: `HTTPS is off for ${hostname}.` }
  }
  return null
}

/** Refuses HTTP while the edge has no key: a domain that redirects to HTTPS never serves plain text. */
export function outageProblem(request: EdgeRequest, route: ServedRoute): Problem | null {
  if (route.outage === null || request.secure || !isRedirected(request, route)) return null
  return downProblem(request.hostname, route.outage)
}

/** Page that no cache keeps. */
export function standInProblem({ isUnknown, ...standIn }: StandIn): Problem {
  const policy = ['content-security-policy', "default-src 'none'; style-src 'unsafe-inline'"]
  const status = isUnknown ? 404 : 503
  return { status, headers: ['cache-control', 'no-store', ...policy], ...standIn }
}

function downProblem(hostname: string, outage: Outage): Problem {
  return {
    status: 503,
    sentence: `HTTPS is down for ${hostname}: ${outageReason(outage)}. ${outageRemedy(outage)}`,
    headers: ['cache-control', 'no-store'],
  }
}

export const loopProblem = {
  status: 508,
  sentence: 'Loop detected: the origin of this domain is this edge itself.',
}

export function addressProblem(
  { remoteAddress, hostname }: EdgeRequest,
  { rules }: ServedRoute,
): Problem | null {
  if (rules.addresses === null || rules.addresses.has(remoteAddress)) return null
  return { status: 403, sentence: `Access to ${hostname} is not allowed from your IP address.` }
}

export function askForPassword(
  request: EdgeRequest,
  { rules }: ServedRoute,
  passwordChecks: PasswordChecks,
  asker: Asker,
): Admission | Promise<Admission> | null {
  if (rules.gate === null) return null
  return rules.gate.check(valuesInLines(request.lines, 'authorization'), passwordChecks, asker)
}

export function admissionProblem(admission: Admission, { rules }: ServedRoute): Problem {
  if (admission === 'busy') return tooManyPasswords
  const headers = ['www-authenticate', rules.gate?.challenge ?? '']
  return { status: 401, sentence: 'A user name and a password are needed here.', headers }
}

const tooManyPasswords = {
  status: 503,
  sentence: 'Too many passwords are being tried here at the moment. Try again in a few seconds.',
}

export function bodyProblem({ hostname }: EdgeRequest): Problem {
  return { status: 413, sentence: `The request has a larger body than is allowed for ${hostname}.` }
}
