import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  createConfirmationCodes,
  type ConfirmationCodes,
} from '../../../../src/engine/custody/confirmation-codes.ts'

let folder: string
let codes: ConfirmationCodes
let now: number
let clock: Date

const file = () => join(folder, 'confirmation-code.txt')
const create = () => createConfirmationCodes({ folder, clock: () => clock, now: () => now })
const request = () => {
  const { path, expiresAt } = codes.request()
  const [code = ''] = readFileSync(path, 'utf8').split('\n', 1)
  return { code, expiresAt }
}
const wrong = (code: string) => (code.startsWith('0') ? '1' : '0') + code.slice(1)
const seconds = (count: number) => count * 1_000

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'edgekeep-codes-'))
  now = 0
  clock = new Date('2026-11-24T12:00:00Z')
  codes = create()
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('the confirmation code', () => {
  test('is eight letters and digits, for the owner of the folder alone, with the time at which it ends', () => {
    const { code, expiresAt } = request()
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/)
    expect(statSync(file()).mode & 0o777).toBe(0o600)
    expect(expiresAt).toBe('2026-11-24T12:05:00.000Z')
    expect(readFileSync(file(), 'utf8')).toContain(expiresAt)
  })

  test('is another one each time', () => {
    const seen = Array.from({ length: 20 }, () => {
      const { code } = request()
      codes.take(code)
      return code
    })
    expect(new Set(seen).size).toBe(20)
  })

  test('is taken as people type it, and never in parts', () => {
    const { code } = request()
    expect(codes.take('')).toBe(false)
    expect(codes.take(code.slice(0, 8))).toBe(false)
    expect(codes.take(`${code}0`)).toBe(false)
    expect(codes.take(` ${code.toLowerCase().replace('-', '')}\n`)).toBe(true)
  })

  test('is taken once, and its file is gone then', () => {
    const { code } = request()
    expect(codes.take(code)).toBe(true)
    expect(existsSync(file())).toBe(false)
    expect(codes.take(code)).toBe(false)
  })

  test('may be mistyped four times', () => {
    const { code } = request()
    for (let at = 0; at < 4; at += 1) expect(codes.take(wrong(code))).toBe(false)
    expect(codes.take(code)).toBe(true)
  })

  test('is ended by the fifth wrong one, however often it was asked for meanwhile', () => {
    const { code } = request()
    for (let at = 0; at < 5; at += 1) {
      expect(request().code).toBe(code)
      expect(codes.take(wrong(code))).toBe(false)
    }
    expect(existsSync(file())).toBe(false)
    expect(codes.take(code)).toBe(false)
    expect(request().code).not.toBe(code)
  })

  test('is valid for five minutes', () => {
    const { code } = request()
    now += seconds(300)
    expect(codes.take(code)).toBe(true)
    const next = request()
    now += seconds(301)
    expect(codes.take(next.code)).toBe(false)
    expect(existsSync(file())).toBe(false)
  })

  test('does not outlive the time that its file names, whatever happened to the clock', () => {
    const { code, expiresAt } = request()
    clock = new Date(Date.parse(expiresAt) + 1)
    expect(codes.take(code)).toBe(false)
    expect(existsSync(file())).toBe(false)
    const next = request()
    expect(codes.take(next.code)).toBe(true)
  })

  test('is a new one when it is asked for after the clock went past the time of the last', () => {
    const { code } = request()
    clock = new Date('2026-11-24T13:00:00Z')
    const next = request()
    expect(next.code).not.toBe(code)
    expect(next.expiresAt).toBe('2026-11-24T13:05:00.000Z')
    expect(codes.take(next.code)).toBe(true)
  })

  test('stays when it is asked for again while it has two minutes left, and is a new one after that', () => {
    const { code } = request()
    now += seconds(180)
    expect(request()).toEqual({ code, expiresAt: '2026-11-24T12:02:00.000Z' })
    now += 1
    const next = request()
    expect(next.code).not.toBe(code)
    expect(next.expiresAt).toBe('2026-11-24T12:05:00.000Z')
    expect([codes.take(code), codes.take(next.code)]).toEqual([false, true])
  })

  test('is invalid before the request, and after its engine was killed', () => {
    expect(codes.take('')).toBe(false)
    expect(codes.take('0000-0000')).toBe(false)
    const { code } = request()
    codes = create()
    expect(existsSync(file())).toBe(false)
    expect(codes.take(code)).toBe(false)
  })

  test('is gone with the engine', () => {
    const { code } = request()
    codes.close()
    expect(existsSync(file())).toBe(false)
    expect(codes.take(code)).toBe(false)
  })
})

describe('the file of the code', () => {
  test('is created anew, so that no other user can read it and no link redirects it', () => {
    const elsewhere = join(folder, 'elsewhere')
    writeFileSync(elsewhere, 'as it was')
    symlinkSync(elsewhere, file())
    request()
    expect(statSync(file()).mode & 0o777).toBe(0o600)
    expect(readFileSync(elsewhere, 'utf8')).toBe('as it was')
  })

  test('reports an error if it cannot be written', () => {
    mkdirSync(file())
    expect(() => codes.request()).toThrow(expect.objectContaining({ code: 'home.unusable' }) as Error)
  })
})
