import { brotliCompressSync, constants, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { pageBytes, pagePieces } from '../../../../../src/edge/worker/findings/page-text.ts'
import { htmlFindings, readPage } from '../../../../../src/edge/worker/findings/read-page.ts'

const insecure = '<script src=http://a.test/x.js></script>'
const filled = (size: number, tail = '') => Buffer.from(`${insecure}${' '.repeat(size)}${tail}`)
const html = ['Content-Type', 'text/html']
const kinds = async (body: Buffer, headers = html) =>
  (await htmlFindings(body, headers, 'shop.test')).map(({ kind, example }) => `${kind} ${example}`.trim())

const codings: [string, (bytes: Buffer) => Buffer][] = [
  ['', (bytes) => bytes],
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 2 } })],
  ['zstd', zstdCompressSync],
]

describe.each(codings)('a page in the coding "%s"', (coding, pack) => {
  test('is unpacked no further than it is read, whatever is in it', async () => {
    let size = 0
    for await (const piece of pagePieces(pack(Buffer.alloc(32 * 1024 * 1024)), coding)) size += piece.length
    expect(size).toBe(pageBytes + 1)
  })

  test('is read to its end within the budget, and else reported as unread', async () => {
    const headers = [...html, 'Content-Encoding', coding]
    const all = ['mixed.blocked http://a.test/x.js', 'csp.no-upgrade']
    expect(await kinds(pack(filled(pageBytes - insecure.length)), headers)).toEqual(all)
    expect(await kinds(pack(filled(pageBytes, insecure)), headers)).toEqual([...all, 'body.cut its length'])
  })

  test('lets other work go on while it is read', async () => {
    let turns = 0
    let isReading = true
    const turn = () => {
      turns += 1
      if (isReading) setImmediate(turn)
    }
    setImmediate(turn)
    await readPage(pack(filled(pageBytes)), coding, { write: () => undefined, found: () => [] })
    isReading = false
    expect(turns).toBeGreaterThan(0)
  })
})

test('a page that takes too long is read no further, and reported', async () => {
  let now = 0
  let pieces = 0
  const reader = { write: () => void (pieces += 1), found: () => [] }
  expect(await readPage(filled(pageBytes / 2), '', reader, () => (now += 100))).toBe('too-slow')
  expect(pieces).toBe(3)
})

test.each(['__proto__', 'constructor', 'valueof', 'rot13', 'gzip, gzip', 'identity, br'])(
  'the coding "%s" is not read, and that is said',
  async (coding) => {
    expect(await kinds(filled(1), [...html, 'Content-Encoding', coding])).toEqual([`body.unread ${coding}`])
  },
)

test('a body damaged at its start is not read, and one damaged later is read up to there', async () => {
  const headers = [...html, 'Content-Encoding', 'gzip']
  expect(await kinds(Buffer.from('no gzip'), headers)).toEqual(['body.unread gzip'])
  const packed = gzipSync(Buffer.concat([filled(1), Buffer.from(randomText(100_000))]))
  packed.fill(0xff, packed.length - 200)
  expect(await kinds(packed, headers)).toContain('mixed.blocked http://a.test/x.js')
})

test('a zstd that asks for a larger window than RFC 9659 allows is not unpacked', async () => {
  // RFC 8878, section 3.1.1: the magic number, a descriptor, a window of 2^27, the last block, raw, of one byte.
  const frame = (windowLog: number) =>
    Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, (windowLog - 10) << 3, 0x09, 0x00, 0x00, 0x20])
  const headers = [...html, 'Content-Encoding', 'zstd']
  expect(await kinds(frame(23), headers)).toEqual([])
  expect(await kinds(frame(27), headers)).toEqual(['body.unread zstd'])
})

function randomText(size: number): string {
  let state = 1
  return Array.from({ length: size }, () => {
    state = (state * 48_271) % 2_147_483_647
    return String.fromCharCode(97 + (state % 26))
  }).join('')
}
