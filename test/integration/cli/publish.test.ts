import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { temporaryFolder } from '../../support/engine/engine.ts'
import { absent, unless } from '../../support/needs.ts'
import { edgekeep, homeWithKeyFile } from '../../support/processes/cli.ts'

const folder = temporaryFolder()
afterAll(() => rmSync(folder, { recursive: true }))

test('commands add a target, say what is missing at it, and forget it', unless(absent('nginx')), async () => {
  const home = await homeWithKeyFile(folder)
  const run = (...args: string[]) => edgekeep(home, args)
  const config = join(folder, 'nginx.conf')
  writeFileSync(config, `pid ${folder}/pid; error_log ${folder}/log; events {}\n`)
  await run('domain', 'add', 'shop.test', '--origin', '3000')
  expect((await run('target')).out).toContain('There is no target')
  const added = await run('target', 'add', 'web', '--kind', 'nginx', '--config', config, '--sudo')
  expect(added.out).toContain(`include ${folder}/edgekeep/current/*.conf;`)
  expect(added.out).toContain(`sudo -n nginx -s reload -c ${config}`)
  await run('target', 'remove', 'web', '--yes')
  await run('target', 'add', 'web', '--kind', 'nginx', '--config', config)
  expect(await run('publish', '--to', 'web')).toMatchObject({ status: 2 })
  const { status, out } = await run('publish', 'shop.test', '--to', 'web')
  expect([status, out]).toEqual([1, expect.stringContaining('FAIL preflight: The server does not read')])
  const lines = (await run('publish', 'shop.test', '--to', 'web', '--json')).out.trimEnd().split('\n')
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { type: 'step', server: 'this computer', step: { step: 'preflight', ok: false } },
    { ok: false, error: { code: 'publish.failed' }, servers: [{ state: 'refused' }] },
  ])
  expect((await run('target', 'check', 'web', '--json')).json().error).toMatchObject({
    code: 'target.drifted',
  })
  expect((await run('target', 'show', 'web')).out).toContain('not published, nothing was changed')
  // The server's own message, with its lines.
  writeFileSync(config, 'nonsense;\n')
  expect((await run('publish', 'shop.test', '--to', 'web')).out).toMatch(
    /FAIL preflight: .*unknown directive.*\n {7}nginx: .*test failed\n/,
  )
  expect((await run('target', 'remove', 'web', '--yes')).out).toContain(`${folder}/edgekeep`)
})
