import { AsnConvert } from '@peculiar/asn1-schema'

/** A primitive or constructed string as the ASN.1 library parses it. */
interface Block {
  idBlock: { isConstructed: boolean }
  valueBlock: { value?: unknown; valueHexView?: Uint8Array }
}

/**
 * An OCTET STRING, or an element with its tag, in constructed form (BER, X.690, section 8.7.3). Firefox
 * writes PKCS#12 that way, and the library's schemas match the primitive form only.
 */
class PiecedOctets {
  bytes: Buffer = Buffer.alloc(0)
  fromASN(block: Block): this {
    this.bytes = Buffer.concat(piecesOf(block))
    return this
  }
  /** Unused, but the library takes a class for self-reading only if it has both methods. */
  toASN(): never {
    throw new TypeError('Octets in pieces are never written')
  }
}

/** A primitive string may have a value too, because the library tries to parse its content as ASN.1. */
function piecesOf({ idBlock, valueBlock }: Block): Uint8Array[] {
  const { value, valueHexView } = valueBlock
  if (idBlock.isConstructed) return Array.isArray(value) ? (value as Block[]).flatMap(piecesOf) : []
  return valueHexView ? [valueHexView] : []
}

/**
 * Reads an OCTET STRING in BER.
 * @throws the library's error if it is not one
 */
export function readPiecedOctets(ber: ArrayBuffer): Buffer {
  return AsnConvert.parse(ber, PiecedOctets).bytes
}
