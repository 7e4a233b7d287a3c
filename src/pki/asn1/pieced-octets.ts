import { AsnConvert } from '@peculiar/asn1-schema'

/** What the ASN.1 library makes of a string, whole or in pieces. */
interface Block {
  idBlock: { isConstructed: boolean }
  valueBlock: { value?: unknown; valueHexView?: Uint8Array }
}

/**
 * The bytes of an OCTET STRING, or of what is tagged like one, that may come in pieces (BER, X.690,
 * section 8.7.3): Firefox writes PKCS#12 that way, and the library's schemas only match whole ones.
 */
class PiecedOctets {
  bytes: Buffer = Buffer.alloc(0)
  fromASN(block: Block): this {
    this.bytes = Buffer.concat(piecesOf(block))
    return this
  }
  /** The library takes a class with both methods for one that reads itself. */
  toASN(): never {
    throw new TypeError('Octets in pieces are never written')
  }
}

/** A whole string may have a value too: the library looks whether there is ASN.1 inside of it. */
function piecesOf({ idBlock, valueBlock }: Block): Uint8Array[] {
  const { value, valueHexView } = valueBlock
  if (idBlock.isConstructed) return Array.isArray(value) ? (value as Block[]).flatMap(piecesOf) : []
  return valueHexView ? [valueHexView] : []
}

/**
 * Reads an OCTET STRING in BER.
 * @throws what the library throws where it is none
 */
export function readPiecedOctets(ber: ArrayBuffer): Buffer {
  return AsnConvert.parse(ber, PiecedOctets).bytes
}
