import type { EdgeState } from '../edge-state.ts'
import { valuesInLines } from './field-rules.ts'
import type { Problem } from '../http/pages.ts'
import type { Admission } from './password-gate.ts'
import type { Asker } from './password-queue.ts'
import type { EdgeRequest } from '../http/request.ts'
import type { ServedRoute } from './route-rules.ts'

/** Why the request is for no domain that is served here in this way, or null. */
export function routeProblem(request: EdgeRequest, route: ServedRoute | null): Problem | null {
  const { hostname, serverName, secure } = request
  if (secure && serverName !== null && serverName !== hostname) {
    return { status: 421, sentence: `This connection was made for ${serverName}, not for ${hostname}.` }
  }
  if (!route) return { status: secure ? 421 : 404, sentence: `No such domain here: ${hostname}.` }
  if (secure && route.certificateId === null) {
    return { status: 421, sentence: `HTTPS is off for ${hostname}.` }
  }
  return null
}

export const loopProblem = {
  status: 508,
  sentence: 'The origin of this domain leads back here, so the request would go round in circles.',
}

/** Why the client's address is not answered, or null. */
export function addressProblem(
  { remoteAddress, hostname }: EdgeRequest,
  { rules }: ServedRoute,
): Problem | null {
  if (rules.addresses === null || rules.addresses.has(remoteAddress)) return null
  return { status: 403, sentence: `Your address is not among those that may ask for ${hostname}.` }
}

/** Whether whoever asks knows a password; null where none is asked for. */
export function askForPassword(
  request: EdgeRequest,
  { rules }: ServedRoute,
  { passwordChecks }: Pick<EdgeState, 'passwordChecks'>,
  asker: Asker,
): Admission | Promise<Admission> | null {
  if (rules.gate === null) return null
  return rules.gate.check(valuesInLines(request.lines, 'authorization'), passwordChecks, asker)
}

/** What somebody is told who is not let in. */
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
