import { afterEach, expect, test, vi } from 'vitest'
import { formatEffect } from '../../../../src/cli/output/format.ts'
import { report, reportFailure } from '../../../../src/cli/output/output.ts'
import { EdgekeepError } from '../../../../src/contract/errors/registry.ts'

afterEach(() => vi.restoreAllMocks())

function printed(text: string, verbose?: boolean): string {
  let out = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((part) => {
    out += String(part)
    return true
  })
  report({ data: {}, text }, false, verbose)
  return out
}

const done = formatEffect({ version: 20, inEffect: 20 })
const waiting = formatEffect({ version: 20, inEffect: 19 })

test('a change in effect is printed without its configuration, unless --verbose asks for that', () => {
  expect(printed(`Added shop.test. ${done}\nNext: check it.`)).toBe('Added shop.test.\nNext: check it.\n')
  expect(printed(`shop.test\n\n${done}`)).toBe('shop.test\n')
  expect(printed(`It is replaced\n${done} Its name was taken.`)).toBe('It is replaced\nIts name was taken.\n')
  expect(printed(`Added shop.test. ${done}`, true)).toBe('Added shop.test. In effect (configuration 20).\n')
  expect(printed(`Added shop.test. ${waiting}`)).toContain('the edge still serves 19')
})

test('a test notice that is refused has the status of a "no", not of an engine failure', () => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const refused = new EdgekeepError('notice.not_sent', { name: 'team', reason: 'it answered 500' })
  expect(reportFailure(refused, false)).toBe(1)
})
