import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { temporaryFolder } from '../../support/engine/engine.ts'
import { edgekeep, homeWithKeyFile } from '../../support/processes/cli.ts'

const folder = temporaryFolder()
afterAll(() => rmSync(folder, { recursive: true }))

test('watched servers come from a file, and a fault is the exit status of their check', async () => {
  const home = await homeWithKeyFile(folder)
  const file = join(folder, 'names.txt')
  writeFileSync(file, '# ours\nlocalhost:9\n\n127.0.0.1:9\n')
  expect((await edgekeep(home, ['watch', 'add', '--file', file, '--every', '1d'])).out).toContain(
    '2 servers, every 1d',
  )
  expect((await edgekeep(home, ['watch', 'list'])).out).toContain('not asked yet')
  const { status, out } = await edgekeep(home, ['watch', 'check'])
  expect([status, out]).toEqual([1, expect.stringContaining('nothing listens there')])
  const { error } = (await edgekeep(home, ['watch', 'check', '--json'])).json()
  expect(error).toMatchObject({
    code: 'watch.faults',
    message: expect.stringContaining('localhost:9, 127.0.0.1:9'),
  })
  expect((await edgekeep(home, ['watch', 'add', 'localhost', '--every', '5m'])).status).toBe(2)
})
