import { BlockList, isIP } from 'node:net'
import { GeneralName } from '@peculiar/asn1-x509'
import { echoOf } from '../../domain/echo.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { outsideScope } from '../../domain/issuing-scope.ts'
import { canonicalIp } from '../../domain/ip-address.ts'
import { normaliseDomain } from '../x509/host-names.ts'
import { localNetworks, permittedSuffixes } from './authority-certificates.ts'

export interface LeafNames {
  dns: string[]
  ip: string[]
  email: string[]
}

const longestMailbox = 64
/** Dot-string of RFC 5321, section 4.1.2; quoted ones are not in use. */
const mailbox = /^[a-z0-9!#$%&'*+/=?^_`{|}~-][a-z0-9!#$%&'*+/=?^_`{|}~.-]*$/i

/**
 * Sorts user input into domains, addresses and e-mail addresses.
 * @throws EdgekeepError `domain.invalid`, `issue.name_invalid`
 */
export function readLeafNames(written: readonly string[]): LeafNames {
  const names: LeafNames = { dns: [], ip: [], email: [] }
  const put = (list: string[], name: string) => list.includes(name) || list.push(name)
  for (const each of written.map((name) => name.trim())) {
    const ip = canonicalIp(each)
    if (ip !== undefined) put(names.ip, ip)
    else if (each.includes('@')) put(names.email, normaliseEmail(each))
    else put(names.dns, normaliseDomain(each))
  }
  return names
}

/** A common name that is a host counts as a name too (CA/Browser Forum BR, section 7.1.4.3). */
export function readsAsHost(commonName: string): boolean {
  const isDomain = /^(?:\*\.)?[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,30}$/i
  return canonicalIp(commonName) !== undefined || isDomain.test(commonName)
}

/** RFC 5280, section 7.5: the host in A-labels and lower case, the mailbox unchanged. */
function normaliseEmail(input: string): string {
  const at = input.lastIndexOf('@')
  const local = input.slice(0, at)
  const isMailbox = local.length <= longestMailbox && mailbox.test(local) && !local.includes('..')
  if (!isMailbox || local.endsWith('.'))
    throw new EdgekeepError('issue.name_invalid', {
      name: echoOf(input),
      reason: 'it is not an e-mail address',
    })
  return `${local}@${normaliseDomain(input.slice(at + 1))}`
}

/**
 * Refuses names that clients would reject.
 * @throws `authority.name_outside`, `domain.invalid`
 */
export function requireWithin(issuerPem: string, { dns, ip }: LeafNames): void {
  const suffixes = permittedSuffixes(issuerPem)
  const outside = suffixes && outsideScope(dns, suffixes)
  if (outside) throw outside
  const public_ = ip.find((address) => !isLocal(address))
  if (public_ === undefined) return
  const reason = 'the local authority vouches for loopback and private addresses only'
  throw new EdgekeepError('domain.invalid', { name: public_, reason })
}

export function alternativeNames({ dns, ip, email }: LeafNames): GeneralName[] {
  return [
    ...dns.map((dNSName) => new GeneralName({ dNSName })),
    ...ip.map((iPAddress) => new GeneralName({ iPAddress })),
    ...email.map((rfc822Name) => new GeneralName({ rfc822Name })),
  ]
}

const localAddresses = new BlockList()
for (const network of localNetworks) {
  const [base, prefix] = network.split('/') as [string, string]
  localAddresses.addSubnet(base, Number(prefix), familyOf(base))
}

function isLocal(address: string): boolean {
  return localAddresses.check(address, familyOf(address))
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4'
}
