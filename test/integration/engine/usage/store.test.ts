import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { countAt, noCounts, type DomainUsage } from '../../../../src/edge/protocol/counts.ts'
import { openUsageStore, type UsageStore } from '../../../../src/engine/usage/store.ts'
import { temporaryFolder } from '../../../support/engine/engine.ts'

describe('the record of usage', () => {
  let folder: string
  let now: Date
  let asides: string[]
  let store: UsageStore

  beforeEach(() => {
    folder = temporaryFolder()
    now = new Date(2026, 10, 24, 12, 30, 15)
    asides = []
    store = open()
  })
  afterEach(() => {
    store.close()
    rmSync(folder, { recursive: true })
  })

  function open(): UsageStore {
    return openUsageStore({ folder, clock: () => now, onSetAside: (name) => asides.push(name) })
  }

  function usage(https: number, domain = 'shop.test'): DomainUsage {
    const counts = noCounts()
    counts[countAt.https] = https
    return { domain, counts, latency: new Map([[100, https]]) }
  }

  const ever = [new Date(0), new Date(2100, 0)] as const
  const httpsBy = (step: 'minute' | 'hour' | 'day') =>
    store.rows(step, ...ever).map(({ at, counts }) => [at, counts[countAt.https]])
  const sumOf = (step: 'minute' | 'hour' | 'day') =>
    httpsBy(step).reduce((sum, [, count]) => sum + Number(count), 0)

  test('has everything in minutes, hours and days by the clock on the wall', () => {
    store.add(usage(1))
    now = new Date(2026, 10, 24, 12, 31)
    store.add(usage(2))
    now = new Date(2026, 10, 25, 0, 0)
    store.add(usage(4))
    store.flush()
    expect(httpsBy('minute').map(([, count]) => count)).toEqual([1, 2, 4])
    expect(httpsBy('hour')).toEqual([
      [new Date(2026, 10, 24, 12), 3],
      [new Date(2026, 10, 25), 4],
    ])
    expect(httpsBy('day')).toEqual([
      [new Date(2026, 10, 24), 3],
      [new Date(2026, 10, 25), 4],
    ])
    expect(store.rows('day', ...ever)[0]!.latency).toEqual(new Map([[100, 3]]))
  })

  test('adds to what it has, also after it was closed', () => {
    store.add(usage(5))
    store.flush()
    store.close()
    store = open()
    store.add(usage(7))
    store.flush()
    store.flush()
    expect(['minute', 'hour', 'day'].map((step) => sumOf(step as 'day'))).toEqual([12, 12, 12])
  })

  test('loses and doubles nothing when the clock is set back', () => {
    store.add(usage(1))
    store.flush()
    now = new Date(2026, 10, 24, 11, 0)
    store.add(usage(2))
    store.flush()
    now = new Date(2026, 10, 24, 12, 30)
    store.add(usage(4))
    store.flush()
    expect(httpsBy('minute').map(([, count]) => count)).toEqual([2, 5])
    expect(sumOf('day')).toBe(7)
  })

  test('keeps minutes for two days, hours for ninety and days for five years', () => {
    store.add(usage(1))
    store.flush()
    const after = (days: number): number[] => {
      now = new Date(new Date(2026, 10, 24, 12, 31).getTime() + days * 24 * 60 * 60 * 1000)
      store.prune(now)
      return [sumOf('minute'), sumOf('hour'), sumOf('day')]
    }
    expect(after(1.9)).toEqual([1, 1, 1])
    expect(after(2.1)).toEqual([0, 1, 1])
    expect(after(91)).toEqual([0, 0, 1])
    expect(after(5 * 366 + 1)).toEqual([0, 0, 0])
  })

  test('answers for one domain, and for a part of the time', () => {
    store.add(usage(1))
    store.add(usage(2, 'other.test'))
    store.flush()
    const day = new Date(2026, 10, 24)
    expect(store.rows('day', ...ever, 'other.test')).toMatchObject([{ domain: 'other.test', at: day }])
    expect(store.rows('day', day, new Date(2026, 10, 25))).toHaveLength(2)
    expect(store.rows('day', ever[0], day)).toEqual([])
  })

  test("is its owner's alone", () => {
    expect(statSync(join(folder, 'usage.db')).mode & 0o777).toBe(0o600)
  })

  test('quarantines a file that it cannot read, and begins anew', () => {
    store.close()
    writeFileSync(join(folder, 'usage.db'), 'this is no database, and it is long enough to be looked at')
    store = open()
    store.add(usage(3))
    store.flush()
    expect(sumOf('day')).toBe(3)
    expect(asides).toHaveLength(1)
    expect(readdirSync(folder)).toContain(asides[0])
  })

  test('puts the record of a newer Edgekeep aside whole', () => {
    store.add(usage(3))
    store.flush()
    store.close()
    const sqlite = new Database(join(folder, 'usage.db'))
    sqlite.pragma('user_version = 99')
    sqlite.close()
    store = open()
    expect(sumOf('day')).toBe(0)
    const aside = new Database(join(folder, asides[0]!), { readonly: true })
    expect(aside.prepare('SELECT sum(https) FROM usage').pluck().get()).toBe(9)
    aside.close()
  })

  test('keeps what could not be written until it can', () => {
    const holder = new Database(join(folder, 'usage.db'))
    holder.exec('BEGIN IMMEDIATE')
    store.add(usage(6))
    expect(() => store.flush()).toThrow(/locked/)
    holder.exec('COMMIT')
    holder.close()
    store.flush()
    expect(sumOf('minute')).toBe(6)
  })
})
