import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { canonicalIp } from '../../../domain/ip-address.ts'
import { isUnder } from '../../../domain/authority-scope.ts'
import { requireWithin } from '../../../pki/issue/leaf-names.ts'
import { normaliseDomain } from '../../../pki/x509/host-names.ts'
import { AcmeProblem, type Identifier, type Subproblem } from './problem.ts'
import { asPayload } from './signed-request.ts'
import { networkInterfaces } from 'node:os'

const mostIdentifiers = 100

/**
 * Validates the identifiers of an order (RFC 8555, section 7.1.4; RFC 8738).
 * @throws `AcmeProblem`
 */
export function readIdentifiers(value: unknown): Identifier[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > mostIdentifiers)
    throw new AcmeProblem('malformed', `An order names 1 to ${mostIdentifiers} identifiers.`)
  const read = value.map(readIdentifier)
  const distinct = new Map(read.map((each) => [`${each.type} ${each.value}`, each]))
  return [...distinct.values()]
}

function readIdentifier(foreign: unknown): Identifier {
  const members = asPayload(foreign)
  const [type, value] = [members.get('type'), members.get('value')]
  if (typeof value !== 'string' || value.length > 255)
    throw new AcmeProblem('malformed', 'An identifier has a "value" that is text.')
  if (type === 'ip') {
    const ip = canonicalIp(value)
    if (ip === undefined || ip !== value)
      throw new AcmeProblem('malformed', 'An address is not in its usual form (RFC 8738, section 3).')
    return { type, value: ip }
  }
  if (type !== 'dns')
    throw new AcmeProblem('unsupportedIdentifier', 'Identifiers are of the types "dns" and "ip".')
  return { type, value: domainOf(value) }
}

function domainOf(value: string): string {
  try {
    return normaliseDomain(value)
  } catch (error) {
    if (!(error instanceof EdgekeepError)) throw error
    throw new AcmeProblem('rejectedIdentifier', error.message)
  }
}

/** @throws `rejectedIdentifier` with a subproblem for each name that the authority may not issue for */
export function requireIssuable(identifiers: readonly Identifier[], issuerPem: string): void {
  rejectWhere(identifiers, (each) => whyNot(each, issuerPem))
}

/** @throws `rejectedIdentifier` with a subproblem for each address and name that no challenge here can prove */
export function requireProvable(
  identifiers: readonly Identifier[],
  { served, waived }: { served: ReadonlySet<string>; waived: readonly string[] },
): void {
  rejectWhere(identifiers, (each) => {
    if (each.type === 'ip')
      return isOwnAddress(each.value)
        ? undefined
        : 'This computer does not have this address. Certificates are issued only for its own addresses.'
    const isProvable = !each.value.startsWith('*.') || !served.has(each.value) || isWaived(each, waived)
    return isProvable
      ? undefined
      : 'The edge serves a domain below this wildcard, and the edge validates no wildcard. Order the names themselves, or waive the validation with "edgekeep acme serve --waive".'
  })
}

function rejectWhere(
  identifiers: readonly Identifier[],
  problemOf: (each: Identifier) => string | undefined,
): void {
  const subproblems = identifiers.flatMap((identifier): Subproblem[] => {
    const detail = problemOf(identifier)
    return detail === undefined ? [] : [{ type: 'rejectedIdentifier', detail, identifier }]
  })
  if (subproblems.length > 0)
    throw new AcmeProblem('rejectedIdentifier', 'The local authority may not issue for every name.', {
      subproblems,
    })
}

function whyNot({ type, value }: Identifier, issuerPem: string): string | undefined {
  const names = { dns: [] as string[], ip: [] as string[], email: [] }
  names[type].push(value)
  try {
    requireWithin(issuerPem, names)
    return undefined
  } catch (error) {
    if (error instanceof EdgekeepError) return error.message
    throw error
  }
}

/** Whether the user exempted a name, or a parent of it, from validation. */
export function isWaived({ type, value }: Identifier, waived: readonly string[]): boolean {
  return type === 'dns' && waived.some((each) => isUnder(value, each))
}

/** Whether the canonical `address` is a loopback address or that of an interface. */
export function isOwnAddress(address: string, interfaces = networkInterfaces()): boolean {
  if (/^127(?:\.\d+){3}$/.test(address)) return true
  const own = Object.values(interfaces).flatMap((each) => each ?? [])
  return own.some((each) => canonicalIp(each.address.split('%', 1)[0] ?? '') === address)
}
