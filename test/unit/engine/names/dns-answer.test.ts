import { decode, encode, type DecodedPacket, type OptAnswer, type Packet } from 'dns-packet'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dnsAnswer, longestMessage } from '../../../../src/engine/names/dns-answer.ts'

const serves = (name: string) => name === 'shop.test'
const answered = (message: Buffer, overUdp = true) => dnsAnswer({ message, overUdp, serves })
const opt = (fields: Partial<OptAnswer> = {}): OptAnswer => ({
  ...{ type: 'OPT', name: '.', udpPayloadSize: 1232, extendedRcode: 0, ednsVersion: 0, flags: 0 },
  ...{ flag_do: false, options: [] },
  ...fields,
})

function ask(name: string, type = 'A', more: Partial<Packet> = {}): Buffer {
  const questions = [{ name, type: type as 'A', class: 'IN' as const }]
  return encode({ type: 'query', id: 77, flags: 0x0100, questions, ...more })
}

/** The code of an answer, with the four bits that an OPT record adds (RFC 6891, section 6.1.3). */
function codeOf(answer: Buffer): number {
  const edns = decode(answer).additionals?.find((each): each is OptAnswer => each.type === 'OPT')
  return ((edns?.extendedRcode ?? 0) << 4) | (answer.readUInt16BE(2) & 0xf)
}

function read(answer: Buffer | null): DecodedPacket {
  if (!answer) throw new Error('There was no answer.')
  return decode(answer)
}

describe('an answer by DNS', () => {
  test('leads a name that is served to the loopback, in the letters that were asked for', () => {
    const a = read(answered(ask('sHoP.TesT')))
    expect(a).toMatchObject({ id: 77, type: 'response', rcode: 'NOERROR', flag_aa: true, flag_ra: false })
    expect(a.answers).toMatchObject([{ type: 'A', name: 'sHoP.TesT', data: '127.0.0.1' }])
    expect(read(answered(ask('shop.test', 'AAAA'))).answers).toMatchObject([{ type: 'AAAA', data: '::1' }])
  })

  test.each(['MX', 'TXT', 'NS', 'SOA', 'CAA', 'ANY', 'UNKNOWN_65'])('has no data of type %s', (type) => {
    const answer = answered(ask('shop.test', type))
    expect(read(answer)).toMatchObject({ rcode: 'NOERROR', answers: [] })
  })

  test.each(['example.com', 'nothing.test', 'test', '.', 'a.shop.test', 'shop.test.evil.com'])(
    'is refused for %s, which is not served',
    (name) => {
      expect(read(answered(ask(name)))).toMatchObject({ rcode: 'REFUSED', answers: [], flag_aa: false })
    },
  )

  test('is refused in another class than the internet’s, and for a transfer of a zone', () => {
    const questions = [{ name: 'shop.test', type: 'TXT' as const, class: 'CH' as const }]
    expect(read(answered(encode({ type: 'query', id: 1, questions })))).toMatchObject({ rcode: 'REFUSED' })
    expect(read(answered(ask('example.com', 'AXFR')))).toMatchObject({ rcode: 'REFUSED', answers: [] })
  })

  test('supports version 0 of EDNS, and reports that to others', () => {
    expect(codeOf(answered(ask('shop.test', 'A', { additionals: [opt()] }))!)).toBe(0)
    expect(codeOf(answered(ask('shop.test', 'A', { additionals: [opt({ ednsVersion: 1 })] }))!)).toBe(16)
    expect(read(answered(ask('shop.test'))).additionals).toEqual([])
  })

  test('is never longer over UDP than the asker takes, and says that it was cut', () => {
    const long = [63, 63, 63, 56].map((length) => 'a'.repeat(length)).join('.')
    const all = (message: Buffer) => dnsAnswer({ message, overUdp: true, serves: () => true })
    const plain = all(ask(long))!
    expect(plain.length).toBeLessThanOrEqual(512)
    expect(read(plain)).toMatchObject({ flag_tc: true, answers: [] })
    const roomy = all(ask(long, 'A', { additionals: [opt({ udpPayloadSize: 65_535 })] }))!
    expect(roomy.length).toBeLessThanOrEqual(longestMessage)
    expect(read(roomy)).toMatchObject({ flag_tc: false, answers: [{ type: 'A' }] })
  })
})

describe('a hostile message', () => {
  test('gets no answer if it is one itself, so that two responders do not loop', () => {
    const answer = answered(ask('shop.test'))!
    expect(answered(answer)).toBeNull()
    expect(answered(answered(Buffer.from('000100000000000000000000', 'hex'))!)).toBeNull()
  })

  test('gets no answer if it is truncated or too long', () => {
    expect(answered(ask('shop.test').subarray(0, 11))).toBeNull()
    expect(answered(Buffer.concat([ask('shop.test'), Buffer.alloc(longestMessage)]))).toBeNull()
  })

  const set = (at: number, value: number) => {
    const message = ask('shop.test')
    message.writeUInt16BE(value, at)
    return message
  }
  test.each<[what: string, message: Buffer, code: number]>([
    ['other operations, as updates', set(2, 0x2800), 4],
    ['no question', set(4, 0), 1],
    ['two questions', set(4, 2), 1],
    ['65,535 questions', set(4, 65_535), 1],
    ['answers in a query', set(6, 1), 1],
    ['records that are not there', set(10, 2), 1],
    ['65,535 further records', set(10, 65_535), 1],
    ['a name that points at itself', Buffer.from('004d01000001000000000000c00c00010001', 'hex'), 1],
    ['a label longer than the message', Buffer.from('004d010000010000000000003f6100010001', 'hex'), 1],
    [
      'a dot within a label',
      Buffer.from(
        '004d0100000100000000000009' + Buffer.from('shop.test').toString('hex') + '0000010001',
        'hex',
      ),
      1,
    ],
    ['two EDNS records', ask('shop.test', 'A', { additionals: [opt(), opt()] }), 1],
  ])('with %s is not answered with an address', (_, message, code) => {
    const answer = answered(message)!
    expect(codeOf(answer)).toBe(code)
    expect(decode(answer).answers).toEqual([])
  })

  test('gets silence or one matching answer, without addresses for names that are not served', () => {
    const valid = ask('shop.test', 'AAAA', { additionals: [opt()] })
    const mangled = fc
      .array(fc.tuple(fc.nat(valid.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 })
      .map((changes) => {
        const message = Buffer.from(valid)
        for (const [at, value] of changes) message[at] = value
        return message
      })
    const random = fc.uint8Array({ maxLength: 1400 }).map((bytes) => Buffer.from(bytes))
    const names: string[] = []
    const told = (name: string) => names.push(name) > 0 && name === 'shop.test'
    fc.assert(
      fc.property(fc.oneof(mangled, random), fc.boolean(), (message, overUdp) => {
        names.length = 0
        const answer = dnsAnswer({ message, overUdp, serves: told })
        if (!answer) return
        expect(answer.readUInt16BE(0)).toBe(message.readUInt16BE(0))
        expect(answer.length).toBeLessThanOrEqual(message.length + 300)
        if ((decode(answer).answers ?? []).length > 0) expect(names).toEqual(['shop.test'])
      }),
      { numRuns: 20_000 },
    )
  })
})
