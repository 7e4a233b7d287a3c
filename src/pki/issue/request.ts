import { createPublicKey, type KeyObject } from 'node:crypto'
import { AsnConvert } from '@peculiar/asn1-schema'
import { Extensions, SubjectAlternativeName } from '@peculiar/asn1-x509'
import * as der from '../asn1/der-writer.ts'
import { explicitTag } from '../asn1/der.ts'
import { longestCommonName, oids } from './authority-certificates.ts'
import { commonNameOnly, extension } from './certificate-template.ts'
import { alternativeNames, type LeafNames } from './leaf-names.ts'
import { signed } from './signing.ts'

const idExtensionRequest = '1.2.840.113549.1.9.14'

/**
 * A certificate request (PKCS#10, RFC 2986) in DER for `names`, signed by its own key. The common name is
 * `commonName`, else the first domain that fits.
 */
export function makeRequest(request: {
  names: LeafNames
  commonName?: string
  privateKey: KeyObject
}): Buffer {
  const { names, privateKey } = request
  const commonName = request.commonName ?? names.dns.find(({ length }) => length <= longestCommonName)
  const all = alternativeNames(names)
  const asked = all.length === 0 ? [] : [extension(oids.names, new SubjectAlternativeName(all))]
  const info = der.sequence(
    der.integer(Uint8Array.of(0)),
    new Uint8Array(AsnConvert.serialize(commonNameOnly(commonName))),
    createPublicKey(privateKey).export({ type: 'spki', format: 'der' }),
    der.element(explicitTag(0), ...(asked.length === 0 ? [] : [extensionRequest(new Extensions(asked))])),
  )
  return signed(info, privateKey)
}

/** RFC 2985, section 5.4.2. */
function extensionRequest(extensions: Extensions): Buffer {
  const set = der.element(0x31, new Uint8Array(AsnConvert.serialize(extensions)))
  return der.sequence(der.objectIdentifier(idExtensionRequest), set)
}
