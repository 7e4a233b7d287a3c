import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Log } from '../../../../src/engine/core/log.ts'
import { useGivenLists } from '../../../../src/engine/inspect/given-lists.ts'
import { rootLists, useRootLists } from '../../../../src/pki/roots/root-lists.ts'
import { knownLogs, useLogList } from '../../../../src/pki/transparency/log-list.ts'
import { logListJson, makeLog } from '../../../support/pki/transparency-logs.ts'

let folder = ''
const warn = vi.fn()
const log = { warn } as unknown as Log

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'edgekeep-log-list-'))
  warn.mockReset()
})
afterEach(() => {
  rmSync(folder, { recursive: true })
  useLogList(undefined)
  useRootLists(undefined)
})

test('an engine takes the list of logs in its home folder', () => {
  writeFileSync(join(folder, 'log_list.json'), logListJson([makeLog('Mine', 'Me')]))
  useGivenLists(folder, log)
  expect([...knownLogs().byId.values()].map(({ name }) => name)).toEqual(['Mine'])
})

test.each([
  ['no JSON', '<html>'],
  ['more than 1 MB', `{"a":"${'x'.repeat(1024 * 1024)}"}`],
])('an engine keeps its own list where the given one is %s, and logs why', (_, text) => {
  const before = knownLogs().byId.size
  writeFileSync(join(folder, 'log_list.json'), text)
  useGivenLists(folder, log)
  expect(knownLogs().byId.size).toBe(before)
  expect(warn).toHaveBeenCalledTimes(1)
})

test('an engine without a given list uses its own', () => {
  useGivenLists(folder, log)
  expect(warn).not.toHaveBeenCalled()
  expect(knownLogs().byId.size).toBeGreaterThan(60)
})

test('an engine takes the table of roots in its home folder, and keeps its own beside a broken one', () => {
  const list = { program: 'chrome', version: '9', day: '2027-01-01', source: 'a test' }
  const path = join(folder, 'root-table.json')
  writeFileSync(path, JSON.stringify({ lists: [list], roots: [] }))
  useGivenLists(folder, log)
  expect(rootLists().lists).toEqual([list])
  useRootLists(undefined)
  writeFileSync(path, '{"lists":[]}')
  useGivenLists(folder, log)
  expect(rootLists().roots.size).toBeGreaterThan(380)
  expect(warn).toHaveBeenCalledTimes(1)
})
