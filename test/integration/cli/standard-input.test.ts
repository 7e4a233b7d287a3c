import { createPrivateKey } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, expect, test } from 'vitest'
import { createTestAuthority, issueTestLeaf } from '../../support/pki/certificates.ts'
import { edgekeepProcess } from '../../support/processes/cli.ts'
import { temporaryFolder } from '../../support/engine/engine.ts'

const home = temporaryFolder()
afterAll(() => rmSync(home, { recursive: true, force: true }))

/** Each in a process of its own, at a real pipe. */
test('a passphrase is the line of standard input without its end, which Windows writes otherwise', async () => {
  const leaf = issueTestLeaf(createTestAuthority(), { names: ['shop.test'] })
  const [pem, archive, locked] = ['shop.pem', 'shop.p12', 'shop.key'].map((name) => join(home, name)) as [
    string,
    string,
    string,
  ]
  writeFileSync(pem, leaf.chainPem + leaf.keyPem)
  const convert = ['convert', pem, '--to', 'p12', '--out', archive, '--new-password-stdin']
  expect(await edgekeepProcess(home, convert, 'zwölf Bücher\r\nwhat else\n')).toMatchObject({ status: 0 })
  const opened = await edgekeepProcess(
    home,
    ['inspect', archive, '--password-stdin', '--json'],
    'zwölf Bücher\n',
  )
  expect(opened.json()).toMatchObject({ ok: true })
  // OpenSSL's 2,048 rounds instead of an archive's 600,000.
  const [cipher, passphrase] = ['aes-256-cbc', 'zwölf Bücher']
  const key = createPrivateKey(leaf.keyPem).export({ type: 'pkcs8', format: 'pem', cipher, passphrase })
  writeFileSync(locked, key)
  const inspect = ['inspect', locked, '--password-stdin', '--json']
  for (const input of ['zwölf Bücher\n', 'zwölf Bücher'])
    expect((await edgekeepProcess(home, inspect, input)).json()).toMatchObject({ ok: true })
  for (const input of ['zwölf Bücher \n', '\nzwölf Bücher\n', ''])
    expect((await edgekeepProcess(home, inspect, input)).status).not.toBe(0)
})

test('lines may come late, as from a program that asks a person', async () => {
  const late = join(home, 'late')
  mkdirSync(late, { mode: 0o700 })
  const passphrase = 'correct horse battery\n'
  const protect = ['vault', 'protect', 'passphrase', '--password-stdin']
  expect(await edgekeepProcess(late, protect, afterAWhile(passphrase))).toMatchObject({ status: 0 })
  const backup = ['backup', join(home, 'b'), '--vault-password-stdin', '--password-stdin', '--json']
  // The vault has no recovery key: the error comes after both lines were read and the vault was opened.
  const asked = await edgekeepProcess(late, backup, afterAWhile(passphrase, 'another passphrase\n'))
  expect(asked.json().error?.code).toBe('recovery.missing')
})

/** Sends each line after its reader has started to wait. */
function afterAWhile(...lines: string[]): Readable {
  return Readable.from(
    (async function* () {
      for (const line of lines) {
        await new Promise((resolve) => setTimeout(resolve, 2_000))
        yield line
      }
    })(),
  )
}

test('a line that does not end is refused, and not read to its end', async () => {
  const unlock = ['inspect', join(home, 'shop.pem'), '--password-stdin', '--json']
  const refused = await edgekeepProcess(home, unlock, 'x'.repeat(4_000_000))
  expect([refused.status, refused.json().error?.code]).toEqual([2, 'usage.wrong'])
  expect(refused.json().error?.message).toContain('more than 64 kB')
})
