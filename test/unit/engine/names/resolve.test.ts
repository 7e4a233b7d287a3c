import { expect, test } from 'vitest'
import { readHostsFile, spliced, spliceFor } from '../../../../src/engine/names/hosts-file.ts'
import { resolveNames } from '../../../../src/engine/names/resolve.ts'

const others = readHostsFile(Buffer.from('10.0.0.9 nas.test\n'))
const hosts = readHostsFile(spliced(others, spliceFor(others, ['shop.test'])))
const slow = () => new Promise<string[]>(() => undefined)

test('reads the hosts file first, and asks nobody for what is in it', async () => {
  const found = await resolveNames(['shop.test', 'nas.test'], hosts, undefined, () => {
    throw new Error('the resolver was asked')
  })
  expect(found.get('shop.test')).toEqual({ addresses: ['127.0.0.1', '::1'], isAnswered: true })
  expect(found.get('nas.test')).toEqual({ addresses: ['10.0.0.9'], isAnswered: true })
})

test('tells a name that does not exist from one for which there was no answer', async () => {
  const controller = new AbortController()
  const ask = async (host: string) => {
    if (host === 'none.test') return []
    controller.abort()
    return slow()
  }
  const found = await resolveNames(['none.test', 'slow.test', 'shop.test'], hosts, controller.signal, ask)
  expect(found.get('none.test')).toEqual({ addresses: [], isAnswered: true })
  expect(found.get('slow.test')).toEqual({ addresses: [], isAnswered: false })
  expect(found.get('shop.test')?.isAnswered).toBe(true)
})

test('looks up a few names at a time, and none after the page was left', async () => {
  const controller = new AbortController()
  const asked: string[] = []
  const ask = (host: string) => {
    asked.push(host)
    if (asked.length === 3) queueMicrotask(() => controller.abort())
    return slow()
  }
  const names = Array.from({ length: 65 }, (_each, at) => `name-${at}.test`)
  const found = await resolveNames(names, null, controller.signal, ask)
  expect(asked).toEqual(names.slice(0, 3))
  expect([...found.values()].every(({ isAnswered }) => !isAnswered)).toBe(true)
})
