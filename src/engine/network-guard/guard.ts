import { lookup, type LookupAddress } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { resolvableHost } from '../../domain/localhost.ts'
import { addressScope, type AddressScope } from './address-scope.ts'

/*
 * Threat: destinations are often named by others: a certificate names its responder, a directory its links, a
 * name server an address. Unguarded, such a name leads to places inside this computer or its network that its
 * author cannot reach: a router, a development server, the credentials of a cloud. A name may also resolve to
 * one address when it is checked and to another when it is connected to (DNS rebinding).
 */

/** Allowed scopes per use. There is no other way to the network. */
export const allowances = {
  /** Responders that a certificate names. */
  ocspResponder: ['public'],
  /** Addresses of missing intermediates. */
  issuerCertificate: ['public'],
  /** Directories of known authorities, and every URL that a directory names. */
  acme: ['public'],
  /** Typed servers: a directory that was private when typed, acme-dns, a DNS server, a server to inspect. */
  typed: ['public', 'loopback', 'network', 'link-local'],
  /** Typed servers without TLS. */
  typedInClear: ['loopback', 'network', 'link-local'],
  /** This engine’s own services, and typed servers that get a password in clear. */
  ownComputer: ['loopback'],
} as const satisfies Record<string, readonly AddressScope[]>

export type Allowance = readonly AddressScope[]

export class AddressRefused extends Error {
  /** Clause for an error message. */
  readonly reason: string
  constructor(host: string, scope: AddressScope) {
    const reason = scopeReason(scope)
    super(`${host} is refused: ${reason}`)
    this.name = 'AddressRefused'
    this.reason = reason
  }
}

function scopeReason(scope: AddressScope): string {
  if (scope === 'public') return 'its address is not on this computer'
  if (scope === 'metadata') return 'its address is that of a cloud’s metadata service'
  if (scope === 'reserved') return 'its address is reserved'
  return 'its address is on this computer or in its network'
}

/**
 * Refuses a literal IP address (brackets allowed) outside `allowance`: sockets do not look those up.
 * @throws AddressRefused
 */
export function requireAllowedLiteral(host: string, allowance: Allowance): void {
  const address = host.replace(/^\[|\]$/g, '')
  if (isIP(address) === 0) return
  const scope = addressScope(address)
  if (!allowance.includes(scope)) throw new AddressRefused(address, scope)
}

/**
 * Lookup that returns allowed addresses only. The socket connects to the checked address, which defeats DNS
 * rebinding.
 */
export function guardedLookup(allowance: Allowance): LookupFunction {
  return (hostname, options, callback) => {
    lookup(resolvableHost(hostname), { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 4)
      const allowed = addresses.filter(({ address }) => allowance.includes(addressScope(address)))
      const [first] = allowed
      if (!first) {
        const scope = addressScope(addresses[0]?.address ?? '')
        return callback(new AddressRefused(hostname, scope), '', 4)
      }
      if (options.all) (callback as unknown as ManyAddresses)(null, allowed)
      else callback(null, first.address, first.family)
    })
  }
}

type ManyAddresses = (error: null, addresses: LookupAddress[]) => void
