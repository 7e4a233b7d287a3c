import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { edgekeep } from '../../support/cli.ts'
import { temporaryFolder } from '../../support/engine.ts'

let folder: string
let home: string
beforeAll(() => {
  folder = temporaryFolder()
  home = join(folder, 'home')
  mkdirSync(home, { mode: 0o700 })
  writeFileSync(join(home, 'shop.pem'), '')
})
afterAll(() => rmSync(folder, { recursive: true }))

test.each([
  ['lnit certs/', '"lnit" is not a command. Did you mean "lint"? See "edgekeep --help".'],
  [
    'domian add shop.test --origin http://127.0.0.1:3000',
    '"domian" is not a command. Did you mean "domain"? See "edgekeep --help".',
  ],
  ['frobnicate', '"frobnicate" is not a command. See "edgekeep --help".'],
  [
    'shop.pem',
    '"shop.pem" is not a command. To look into a file: "edgekeep inspect FILE". See "edgekeep --help".',
  ],
  [
    'domain ad shop.test',
    '"ad" is not a command of "edgekeep domain". Did you mean "add"? See "edgekeep domain --help".',
  ],
  [
    'usage shwo',
    '"shwo" is not a command of "edgekeep usage". Did you mean "show"? See "edgekeep usage --help".',
  ],
  [
    'domain',
    'Say what to do: "edgekeep domain" has add, list, show, set, remove and history. See "edgekeep domain --help".',
  ],
  ['--jsno', 'Unknown option \'--jsno\'. Did you mean "--json"? See "edgekeep --help".'],
  [
    'up --https-prot 1',
    'Unknown option \'--https-prot\'. Did you mean "--https-port"? See "edgekeep up --help".',
  ],
  ['status --foo', 'Unknown option \'--foo\'. See "edgekeep status --help".'],
  ['up --https-port', 'Option \'--https-port <port>\' argument missing. See "edgekeep up --help".'],
  [
    'acme rehearse --spell storm:1-2',
    '--spell storm:1-2 cannot be read. Name a bad time (unavailable, bad-nonce, slow, recall) and its first and last day, such as unavailable:25-28.',
  ],
  ['acme rehearse --spell slow:1-2 --calm', 'Give --calm or --spell, not both.'],
  ['acme rehearse --day-ms 5', '"5" is not a number from 100 to 600000.'],
  ['acme dns wait bind 99999', '"99999" is not a number of seconds from 0 to 3600.'],
  ['https on', '"edgekeep https on" needs <domain>. See "edgekeep https on --help".'],
  [
    'domain show a.test b.test',
    '"b.test" is too much: "edgekeep domain show" takes <name>. See "edgekeep domain show --help".',
  ],
  [
    'status a b',
    '"a" and "b" are too much: "edgekeep status" takes no arguments. See "edgekeep status --help".',
  ],
  [
    'redirect a.test sideways',
    "Argument value 'sideways' is invalid for argument 'mode'. Allowed choices are none, https, http. See \"edgekeep redirect --help\".",
  ],
])('edgekeep %s: says what was meant, and where help is', async (line, sentence) => {
  const ran = await edgekeep(home, line.split(' '))
  expect(ran).toMatchObject({ status: 2, out: '', err: `edgekeep: ${sentence}\n` })
  const json = await edgekeep(home, [...line.split(' '), '--json'])
  expect(json.status).toBe(2)
  expect(json.json().error).toEqual({ code: 'usage.wrong', message: sentence })
})

test.each([
  ['https on a.test --name old', '--name and --keep go with --upload'],
  ['https on a.test --free --keep', '--name and --keep go with --upload'],
  ['cert replace old --with new --name x', '--name and --keep go with --upload'],
  ['cert import --all certs --name x', '--name is for one certificate'],
  ['inspect shop.pem --server-name a.test', '--server-name goes with --remote'],
  ['convert shop.pem --to pem --out x.pem --new-password-stdin', 'passphrase goes with --to p12'],
])('edgekeep %s: an option that would have no effect is refused', async (line, reason) => {
  const ran = await edgekeep(home, [...line.split(' '), '--json'])
  expect(ran.status).toBe(2)
  expect(ran.json().error).toMatchObject({ code: 'usage.wrong', message: expect.stringContaining(reason) })
})
