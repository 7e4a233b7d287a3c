import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Log } from '../../../../src/engine/core/log.ts'
import { useGivenLogList } from '../../../../src/engine/inspect/given-log-list.ts'
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
})

test('an engine takes the list of logs in its home folder', () => {
  writeFileSync(join(folder, 'log_list.json'), logListJson([makeLog('Mine', 'Me')]))
  useGivenLogList(folder, log)
  expect([...knownLogs().byId.values()].map(({ name }) => name)).toEqual(['Mine'])
})

test.each([
  ['no JSON', '<html>'],
  ['more than 1 MB', `{"a":"${'x'.repeat(1024 * 1024)}"}`],
])('an engine keeps its own list where the given one is %s, and logs why', (_, text) => {
  const before = knownLogs().byId.size
  writeFileSync(join(folder, 'log_list.json'), text)
  useGivenLogList(folder, log)
  expect(knownLogs().byId.size).toBe(before)
  expect(warn).toHaveBeenCalledTimes(1)
})

test('an engine without a given list uses its own', () => {
  useGivenLogList(folder, log)
  expect(warn).not.toHaveBeenCalled()
  expect(knownLogs().byId.size).toBeGreaterThan(60)
})
