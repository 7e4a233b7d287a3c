import { har as validate } from 'har-validator'
import { describe, expect, test } from 'vitest'
import { harOf } from '../../../../src/engine/traffic/har.ts'
import { exchangeDetail } from '../../renderer/features/traffic/rows.ts'

const exchange = exchangeDetail({
  url: 'https://shop.test:8443/cart?id=***',
  timings: { queueMs: 1, connectMs: 2, tlsMs: 3, firstByteMs: 4, receiveMs: 5, totalMs: 15.4 },
  request: {
    fields: [
      { name: 'cookie', value: 'sid=***; theme=***', masked: true },
      { name: 'accept', value: '*/*', masked: false },
    ],
    cut: false,
  },
  response: {
    fields: [
      { name: 'Content-Type', value: 'text/html', masked: false },
      { name: 'Set-Cookie', value: 'sid=***; Path=/', masked: true },
    ],
    cut: false,
  },
})
const noAnswer = exchangeDetail({ status: null, error: 'The client left before the answer was complete.' })
const moved = exchangeDetail({ status: 301, redirectedTo: 'https://shop.test/x' })
const unreadable = exchangeDetail({ url: '', method: '', status: 400, request: null, response: null })

interface Archive {
  log: { pages: unknown[]; entries: Entry[] }
}
interface Entry {
  startedDateTime: string
  time: number
  request: Record<string, unknown>
  response: Record<string, unknown>
  timings: Record<string, number>
  comment?: string
}
const archiveOf = (...exchanges: (typeof exchange)[]) => JSON.parse(harOf(exchanges)) as Archive

describe('the archive of exchanges', () => {
  test('is valid HAR 1.2, as the validator that HTTP Toolkit imports with has it', async () => {
    const archive = archiveOf(exchange, noAnswer, moved, unreadable)
    await expect(validate(archive)).resolves.toEqual(archive)
  })

  test('would not be valid to that validator without its timings', async () => {
    const archive = archiveOf(exchange)
    delete (archive.log.entries[0] as Partial<Entry>).timings
    await expect(validate(archive)).rejects.toThrow('validation failed')
  })

  test('has the list of pages that importers walk, though it is empty', () => {
    expect(archiveOf(exchange).log.pages).toEqual([])
  })

  test('says of an exchange what archives have a place for', () => {
    const [entry] = archiveOf(exchange).log.entries
    expect(entry).toMatchObject({
      startedDateTime: '2026-11-24T10:00:00.000Z',
      request: {
        method: 'GET',
        httpVersion: 'HTTP/1.1',
        queryString: [{ name: 'id', value: '***' }],
        cookies: [
          { name: 'sid', value: '***' },
          { name: 'theme', value: '***' },
        ],
      },
      response: {
        status: 200,
        statusText: 'OK',
        cookies: [{ name: 'sid', value: '***' }],
        content: { size: 100, mimeType: 'text/html' },
      },
    })
  })

  test('gives a time that is the sum of its parts, TLS being a part of connecting', () => {
    const [entry] = archiveOf(exchange).log.entries
    expect(entry?.timings).toEqual({ blocked: 1, dns: -1, connect: 5, ssl: 3, send: 0, wait: 4, receive: 5 })
    expect(entry?.time).toBe(15)
  })

  test('says how it ended where there was no answer, and where a redirect of ours led', () => {
    const [first, second] = archiveOf(noAnswer, moved).log.entries
    expect(first).toMatchObject({ response: { status: 0 }, comment: noAnswer.error })
    expect(second?.response.redirectURL).toBe('https://shop.test/x')
  })

  test('leaves out what had no address', () => {
    expect(archiveOf(unreadable).log.entries).toEqual([])
  })
})
