import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createTestAuthority, issueTestLeaf } from '../../support/certificates.ts'
import { edgekeepProcess } from '../../support/cli.ts'
import { temporaryFolder } from '../../support/engine.ts'

const home = temporaryFolder()
afterAll(() => rmSync(home, { recursive: true, force: true }))

/** Each in a process of its own, at a real pipe. */
test('a passphrase is the line of standard input without its end, which Windows writes otherwise', async () => {
  const leaf = issueTestLeaf(createTestAuthority(), { names: ['shop.test'] })
  const [pem, archive] = [join(home, 'shop.pem'), join(home, 'shop.p12')]
  writeFileSync(pem, leaf.chainPem + leaf.keyPem)
  const convert = ['convert', pem, '--to', 'p12', '--out', archive, '--new-password-stdin']
  expect(await edgekeepProcess(home, convert, 'zwölf Bücher\r\nwhat else\n')).toMatchObject({ status: 0 })
  const inspect = ['inspect', archive, '--password-stdin', '--json']
  for (const input of ['zwölf Bücher\n', 'zwölf Bücher'])
    expect((await edgekeepProcess(home, inspect, input)).json()).toMatchObject({ ok: true })
  for (const input of ['zwölf Bücher \n', '\nzwölf Bücher\n', ''])
    expect((await edgekeepProcess(home, inspect, input)).status).not.toBe(0)
})

test('a line that does not end is refused, and not read to its end', async () => {
  const unlock = ['inspect', join(home, 'shop.pem'), '--password-stdin', '--json']
  const refused = await edgekeepProcess(home, unlock, 'x'.repeat(4_000_000))
  expect([refused.status, refused.json().error?.code]).toEqual([2, 'usage.wrong'])
  expect(refused.json().error?.message).toContain('more than 64 kB')
})
