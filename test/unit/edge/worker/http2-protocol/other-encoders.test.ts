import { expect, test } from 'vitest'
import { HpackDecoder } from '../../../../../src/edge/worker/http2-protocol/hpack/decoder.ts'
import { caseFields } from '../../../../support/edge/http2-peers/fields-origin.ts'
import heads from '../../../../support/edge/http2-peers/encoded-heads.json' with { type: 'json' }

/** First heads of one connection of each client in `http2-peers`, as it has sent them. */
test.each(Object.entries(heads))('the decoder reads heads that %s has encoded', (_encoder, blocks) => {
  const decoder = new HpackDecoder({ tableBytes: 4096, listBytes: 65_536, fields: 256 })
  for (const block of blocks) {
    const bytes = Buffer.from(block, 'hex')
    const { fields, ...judged } = decoder.decode(bytes, 0, bytes.length)
    expect(judged).toEqual({ isMalformed: false, isTooLarge: false })
    const values = (name: string) => fields.filter((_, at) => at % 2 === 1 && fields[at - 1] === name)
    expect(values(':path')).toEqual(['/fields'])
    for (const [name, value] of Object.entries(caseFields(Number(values('x-case')[0]))))
      expect(values(name).join('; ')).toBe(value)
  }
})
