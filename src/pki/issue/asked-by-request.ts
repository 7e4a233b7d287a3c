import type { KeyObject } from 'node:crypto'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { LeafUsage } from '../../contract/issuing/issuing.ts'
import { DerError, readOne, tags } from '../asn1/der.ts'
import { extensionNames } from '../asn1/object-identifiers.ts'
import { commonName, rfc4514 } from '../facts/format-name.ts'
import { type CertificateRequest, provesPossession, readRequest } from '../x509/certificate-request.ts'
import { decodedIn, type Extension, extensionOids } from '../x509/extensions.ts'
import { type GeneralName, ipText } from '../x509/general-names.ts'
import { longestCommonName, purposes } from './authority-certificates.ts'
import { keyProblem } from './leaf-keys.ts'
import { type LeafNames, readLeafNames, readsAsHost } from './leaf-names.ts'

export interface RequestedCertificate {
  subject: string
  commonName: string | undefined
  names: LeafNames
  usage: LeafUsage | undefined
  publicKey: KeyObject
  /** Requested items that are not granted. */
  leftOut: string[]
}

const mostNames = 100
const understood = new Set<string>([
  extensionOids.subjectAltName,
  extensionOids.basicConstraints,
  extensionOids.keyUsage,
  extensionOids.extendedKeyUsage,
  extensionOids.subjectKeyIdentifier,
])

/**
 * Reads a request in DER by the rules of the local authority.
 * @throws EdgekeepError `request.refused`, `issue.name_invalid`, `domain.invalid`
 */
export function askedBy(der: Uint8Array): RequestedCertificate {
  return reading(() => asked(readRequest(readOne(der, tags.sequence))))
}

function asked(request: CertificateRequest): RequestedCertificate {
  const { publicKey, extensions, subject } = request
  if (!publicKey) throw refused('its public key cannot be read')
  const problem = keyProblem(publicKey)
  if (problem) throw refused(problem)
  if (!provesPossession(request)) throw refused('its signature is not by the key that it is for')
  const { basicConstraints, subjectAltName = [], extendedKeyUsage } = decodedIn(extensions)
  if (basicConstraints?.isCa) throw refused('it asks for an authority, and leaves alone are issued here')
  const written = subjectAltName.map(textOf)
  if (written.length > mostNames) throw refused(`it asks for more than ${mostNames} names`)
  const name = commonName(subject)
  const host = name !== undefined && readsAsHost(name) ? [name] : []
  return {
    subject: rfc4514(subject),
    commonName: name !== undefined && name.length <= longestCommonName ? name : undefined,
    names: readLeafNames([...written, ...host]),
    usage: usageOf(extendedKeyUsage),
    publicKey,
    leftOut: extensions.flatMap(leftOut),
  }
}

function textOf(name: GeneralName): string {
  if (name.kind === 'dns' || name.kind === 'email') return name.text
  if (name.kind === 'ip') return ipText(name.octets)
  throw refused('it asks for a name that is not a domain, address or e-mail address')
}

function usageOf(wanted: string[] | undefined): LeafUsage | undefined {
  if (!wanted) return undefined
  const [server, client] = [wanted.includes(purposes.server), wanted.includes(purposes.client)]
  if (wanted.some((oid) => oid !== purposes.server && oid !== purposes.client))
    throw refused('it asks to be for more than TLS servers and clients')
  return server && client ? 'both' : client ? 'client' : 'server'
}

function leftOut({ oid }: Extension): string[] {
  return understood.has(oid) ? [] : [extensionNames.get(oid) ?? oid]
}

function reading<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof DerError)) throw error
    throw new EdgekeepError(
      'request.refused',
      { reason: `it is malformed (${error.message})` },
      { cause: error },
    )
  }
}

function refused(reason: string): EdgekeepError {
  return new EdgekeepError('request.refused', { reason })
}
