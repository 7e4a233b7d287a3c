import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { echoOf } from '../../../src/domain/echo.ts'

describe('the echo of typed text', () => {
  test('is whole if it can be a name', () => {
    expect(echoOf('http://shop.test/path')).toBe('http://shop.test/path')
    expect(echoOf('my shop_.test')).toBe('my shop_.test')
  })

  test('is cut if it is long', () => {
    expect(echoOf('a.'.repeat(100))).toHaveLength(80)
  })

  test('has no more than the start of a private key', () => {
    const { privateKey } = generateKeyPairSync('ed25519')
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    const body = pem.split('\n')[1] ?? ''
    for (const typed of [pem, pem.replaceAll('\n', ''), body]) {
      const echoed = echoOf(typed)
      for (let at = 8; at + 8 <= body.length; at += 1) expect(echoed).not.toContain(body.slice(at, at + 8))
    }
  })
})
