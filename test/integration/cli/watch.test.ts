import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { temporaryFolder } from '../../support/engine/engine.ts'
import { unless } from '../../support/needs.ts'
import { edgekeep, homeWithKeyFile, launcher } from '../../support/processes/cli.ts'

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

/** Network namespace of its own, in which there is only an interface that is down. */
const offline = ['--user', '--map-root-user', '--net']
const isThere = spawnSync('unshare', [...offline, 'true']).status === 0

test(
  'sixty names are offline without a network, which is no fault',
  unless(isThere ? null : 'unshare (util-linux) makes no network namespace here'),
  async () => {
    const alone = join(folder, 'alone')
    mkdirSync(alone)
    const home = await homeWithKeyFile(alone)
    const file = join(alone, 'names.txt')
    writeFileSync(file, Array.from({ length: 60 }, (_, number) => `name${number}.example`).join('\r\n'))
    await edgekeep(home, ['watch', 'add', '--file', file])
    const args = [...offline, process.execPath, launcher, '--home', home, 'watch', 'check', '--json']
    const { status, stdout } = spawnSync('unshare', args, { encoding: 'utf8' })
    const { watches } = JSON.parse(stdout) as { watches: { last: { state: string } }[] }
    expect([status, watches.length]).toEqual([0, 60])
    expect(new Set(watches.map(({ last }) => last.state))).toEqual(new Set(['offline']))
  },
)
