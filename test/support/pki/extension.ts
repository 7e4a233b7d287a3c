import { readOne } from '../../../src/pki/asn1/der.ts'
import { type Extension, readExtensions } from '../../../src/pki/x509/extensions.ts'
import * as der from './der-writer.ts'
import { extension } from './certificate-maker.ts'

/** An extension as a certificate has it, read leniently. */
export function makeExtension(oid: string, value: Uint8Array): Extension {
  const [made] = readExtensions(readOne(der.sequence(extension(oid, value)), undefined, []))
  return made as Extension
}
