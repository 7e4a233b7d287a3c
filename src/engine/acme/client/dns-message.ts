/** Subset of DNS messages for updates of TXT records (RFC 1035, RFC 2136). */
export const types = { soa: 6, txt: 16, tsig: 250, any: 255 } as const
export const classes = { in: 1, none: 254, any: 255 } as const

export function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** A name in lower case and without compression, as TSIG requires (RFC 8945, section 4.3.3). */
export function domainName(name: string): Buffer {
  const labels = name.toLowerCase().replace(/\.$/, '').split('.')
  const parts = labels.map((label) => {
    const bytes = Buffer.from(label, 'ascii')
    if (bytes.length === 0 || bytes.length > 63) throw new Error(`"${name}" is not a DNS name`)
    return Buffer.concat([Buffer.of(bytes.length), bytes])
  })
  return Buffer.concat([...parts, Buffer.of(0)])
}

export function resourceRecord(record: {
  name: string
  type: number
  class: number
  ttl: number
  data: Buffer
}): Buffer {
  return Buffer.concat([
    domainName(record.name),
    uint16(record.type),
    uint16(record.class),
    uint32(record.ttl),
    uint16(record.data.length),
    record.data,
  ])
}

export function textData(value: string): Buffer {
  const bytes = Buffer.from(value, 'ascii')
  return Buffer.concat([Buffer.of(bytes.length), bytes])
}

/** RFC 1035, section 4.1.1; RFC 2136, section 2.2; RFC 8945, section 5.3. */
export const responseCodes = new Map([
  [1, 'FORMERR'],
  [2, 'SERVFAIL'],
  [3, 'NXDOMAIN'],
  [4, 'NOTIMP'],
  [5, 'REFUSED'],
  [6, 'YXDOMAIN'],
  [8, 'NXRRSET'],
  [9, 'NOTAUTH'],
  [10, 'NOTZONE'],
])
