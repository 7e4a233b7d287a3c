import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { edgekeep } from '../../support/processes/cli.ts'
import { temporaryFolder } from '../../support/engine/engine.ts'

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
  ['down', '"down" is not a command. Did you mean "stop"? See "edgekeep --help".'],
  ['ls', '"ls" is not a command. Did you mean "domain list" or "cert list"? See "edgekeep --help".'],
  ['list', '"list" is not a command. Did you mean "domain list" or "cert list"? See "edgekeep --help".'],
  ...['rm', 'add', 'install'].map((word) => [
    `${word} shop.test`,
    `"${word}" is not a command. Domains and certificates have commands of their own: "edgekeep domain --help", "edgekeep cert --help". See "edgekeep --help".`,
  ]),
  ['version', '"version" is not a command. Did you mean "--version"? See "edgekeep --help".'],
  ['-v', 'Unknown option \'-v\'. Did you mean "--version"? See "edgekeep --help".'],
  ['restor', '"restor" is not a command. Did you mean "restart"? See "edgekeep --help".'],
  ['uninstal', '"uninstal" is not a command. See "edgekeep --help".'],
  [
    'domain ls',
    '"ls" is not a command of "edgekeep domain". Did you mean "list"? See "edgekeep domain --help".',
  ],
  [
    'trust ls',
    '"ls" is not a command of "edgekeep trust". Did you mean "status"? See "edgekeep trust --help".',
  ],
  ['domain rm', '"rm" is not a command of "edgekeep domain". See "edgekeep domain --help".'],
  [
    'shop.pem',
    '"shop.pem" is not a command. To look into a file: "edgekeep inspect FILE". See "edgekeep --help".',
  ],
  [
    'shop.test',
    '"shop.test" is not a command. To open a domain: "edgekeep open shop.test". See "edgekeep --help".',
  ],
  ['help domian', '"domian" is not a command. Did you mean "domain"? See "edgekeep --help".'],
  [
    'domain help ad',
    '"ad" is not a command of "edgekeep domain". Did you mean "add"? See "edgekeep domain --help".',
  ],
  ['cert lst', '"lst" is not a command of "edgekeep cert". Did you mean "list"? See "edgekeep cert --help".'],
  ['verify', '"edgekeep verify" needs --leaf <file>. See "edgekeep verify --help".'],
  [
    'domain ad shop.test',
    '"ad" is not a command of "edgekeep domain". Did you mean "add"? See "edgekeep domain --help".',
  ],
  [
    'usage shwo',
    '"shwo" is not a command of "edgekeep usage". Did you mean "show"? See "edgekeep usage --help".',
  ],
  [
    'verify shop.pem',
    '"edgekeep verify" needs --leaf <file>. Did you mean "edgekeep verify --leaf shop.pem"? See "edgekeep verify --help".',
  ],
  [
    'trust install firefox',
    'Too many arguments: "firefox". "edgekeep trust install" takes no arguments. Did you mean "edgekeep trust install --client firefox"? See "edgekeep trust install --help".',
  ],
  [
    'trust install shop.test',
    'Too many arguments: "shop.test". "edgekeep trust install" takes no arguments. To set up a domain: "edgekeep setup shop.test". See "edgekeep trust install --help".',
  ],
  [
    'trust verify chromium',
    '"verify" is not a command of "edgekeep trust". Did you mean "test"? See "edgekeep trust --help".',
  ],
  ['trust explode chromium', '"explode" is not a command of "edgekeep trust". See "edgekeep trust --help".'],
  [
    'trust firefox',
    '"firefox" is not a command of "edgekeep trust". Did you mean "edgekeep trust status --client firefox"? See "edgekeep trust --help".',
  ],
  ['--jsno', 'Unknown option \'--jsno\'. Did you mean "--json"? See "edgekeep --help".'],
  [
    'up --https-prot 1',
    'Unknown option \'--https-prot\'. Did you mean "--https-port"? See "edgekeep up --help".',
  ],
  [
    'open --no-browser',
    'Unknown option \'--no-browser\'. To run without a window: "edgekeep up". See "edgekeep open --help".',
  ],
  [
    'setup --browser',
    'Unknown option \'--browser\'. That is so without an option; "--no-browser" turns it off. See "edgekeep setup --help".',
  ],
  [
    'setup --no-yes',
    'Unknown option \'--no-yes\'. Without "--yes" it does not, so leave the option out. See "edgekeep setup --help".',
  ],
  ['up --no-window', 'Unknown option \'--no-window\'. Did you mean "--no-ui"? See "edgekeep up --help".'],
  [
    'up --port 8443',
    'Unknown option \'--port\'. Did you mean "--https-port" or "--http-port"? See "edgekeep up --help".',
  ],
  ['setup --dry', 'Unknown option \'--dry\'. Did you mean "--dry-run"? See "edgekeep setup --help".'],
  ['setup -y', 'Unknown option \'-y\'. Did you mean "--yes"? See "edgekeep setup --help".'],
  [
    'inspect --passphrase-stdin shop.pem',
    'Unknown option \'--passphrase-stdin\'. Did you mean "--password-stdin"? See "edgekeep inspect --help".',
  ],
  ['status --foo', 'Unknown option \'--foo\'. See "edgekeep status --help".'],
  ['up --https-port', 'A value is missing: --https-port <port>. See "edgekeep up --help".'],
  [
    'acme rehearse --spell storm:1-2',
    '--spell storm:1-2 cannot be read. Name a bad time (unavailable, bad-nonce, slow, recall) and its first and last day, such as unavailable:25-28.',
  ],
  ['acme rehearse --spell slow:1-2 --calm', 'Give --calm or --spell, not both.'],
  ['acme rehearse --day-ms 5', '"5" is not a number from 100 to 600000.'],
  ['acme dns wait bind 99999', '"99999" is not a number of seconds from 0 to 3600.'],
  [
    'acme dns add bind --update 127.0.0.1 --zone a.test --key-name k',
    'The passphrase for the TSIG key (base64) is needed, and there is no terminal to ask at. Give it on standard input with --secret-stdin.',
  ],
  ['https on', 'Give names, --file FILE ("-" reads standard input), --tag TAG or --all.'],
  ['domain add --all', 'Unknown option \'--all\'. See "edgekeep domain add --help".'],
  [
    'domain show a.test b.test',
    'Too many arguments: "b.test". "edgekeep domain show" takes only <domain>. See "edgekeep domain show --help".',
  ],
  [
    'status a b',
    'Too many arguments: "a" and "b". "edgekeep status" takes no arguments. See "edgekeep status --help".',
  ],
  [
    'redirect a.test sideways',
    'The last word is the mode: none, https or http. See "edgekeep redirect --help".',
  ],
])('edgekeep %s: says what was meant, and where help is', async (line, sentence) => {
  const ran = await edgekeep(home, line.split(' '))
  expect(ran).toMatchObject({ status: 2, out: '', err: `edgekeep: ${sentence}\n` })
  const json = await edgekeep(home, [...line.split(' '), '--json'])
  expect(json.status).toBe(2)
  expect(json.json().error).toEqual({ code: 'usage.wrong', message: sentence })
})

test('a group of commands alone lists its commands, one per line, and is wrong usage', async () => {
  for (const group of ['authority', 'vault', 'acme', 'policy', 'domain', 'origin backup']) {
    const words = group.split(' ')
    const ran = await edgekeep(home, words)
    expect(ran).toMatchObject({ status: 2, out: '' })
    expect(ran.err).toMatch(new RegExp(`^edgekeep: "edgekeep ${group}" needs a command\\.\n\nCommands:\n`))
    expect(ran.err).toContain(`\n\nSee "edgekeep ${group} COMMAND --help".\n`)
    expect(ran.err).not.toContain('  help ')
  }
  const ran = await edgekeep(home, ['policy'])
  expect(ran.err).toMatch(/\n {2}show <domain> +\w.*\n {2}copy .*\w/)
  const json = await edgekeep(home, ['policy', '--json'])
  expect([json.status, json.json().error]).toEqual([
    2,
    {
      code: 'usage.wrong',
      message: '"edgekeep policy" needs a command: show or copy. See "edgekeep policy --help".',
    },
  ])
})

test('help is had by the command too, as deep as it is asked', async () => {
  const usage = async (line: string) => {
    const { status, out, err } = await edgekeep(home, line.split(' '))
    expect([status, err]).toEqual([0, ''])
    return out.split('\n')[0]
  }
  expect(await usage('help')).toBe('Usage: edgekeep [options] [command]')
  expect(await usage('help domain')).toBe('Usage: edgekeep domain [options] [command]')
  for (const line of ['help domain add', 'domain help add'])
    expect(await usage(line)).toBe('Usage: edgekeep domain add [options] [name...]')
})

test.each([
  ['https on a.test --name old', '--name and --keep go with --upload'],
  ['https on a.test --free --keep', '--name and --keep go with --upload'],
  ['cert replace old --with new --name x', '--name and --keep go with --upload'],
  ['cert import --all certs --name x', '--name is for one certificate'],
  ['inspect shop.pem --server-name a.test', '--server-name goes with a server'],
  ['convert shop.pem --to pem --out x.pem --new-password-stdin', 'passphrase goes with --to p12'],
])('edgekeep %s: an option that would have no effect is refused', async (line, reason) => {
  const ran = await edgekeep(home, [...line.split(' '), '--json'])
  expect(ran.status).toBe(2)
  expect(ran.json().error).toMatchObject({ code: 'usage.wrong', message: expect.stringContaining(reason) })
})
