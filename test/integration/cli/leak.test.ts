import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createProgram } from '../../../src/cli/program.ts'
import { createTestAuthority, issueTestLeaf } from '../../support/pki/certificates.ts'
import { edgekeep } from '../../support/processes/cli.ts'
import { temporaryFolder } from '../../support/engine/engine.ts'
import { filesWith, foundInText, needlesOf } from '../../support/pki/needles.ts'

/**
 * Commands that need a running engine or a window; their own tests check their output.
 */
const elsewhere = [
  'open',
  'up',
  'demo',
  'lock',
  'unlock',
  'stop',
  'restart',
  'mcp',
  'trust device',
  'trust container',
  'containers',
]
const passphrase = 'planted-passphrase-0123456789'
const shop = issueTestLeaf(createTestAuthority(), { names: ['shop.test'], key: 'rsa' })
const needles = { ...needlesOf(shop.keyPem) }
needles.texts = [...needles.texts, passphrase]

let folder: string
let home: string
const file = (name: string) => join(folder, name)

beforeAll(() => {
  folder = temporaryFolder()
  home = join(folder, 'home')
  mkdirSync(home, { mode: 0o700 })
  writeFileSync(file('site.crt'), shop.chainPem)
  writeFileSync(file('site.key'), shop.keyPem)
  writeFileSync(
    file('nginx.conf'),
    `http { server { listen 443 ssl; server_name www.shop.test; root /srv; ssl_certificate site.crt; ssl_certificate_key site.key; } include site.key; }`,
  )
  writeFileSync(file('cut.key'), shop.keyPem.slice(0, -60))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Every command, in an order in which each has something to work on. */
function commandLines(): { line: string[]; input?: string }[] {
  const [crt, key] = [file('site.crt'), file('site.key')]
  const input = `${passphrase}\n${passphrase}\n`
  return [
    { line: ['status'] },
    { line: ['settings'] },
    { line: ['domain', 'add', 'shop.test', '--origin', 'http://127.0.0.1:9'] },
    { line: ['https', 'on', 'shop.test', '--upload', crt, file('cut.key')] },
    { line: ['https', 'on', 'shop.test', '--upload', crt, key, '--keep'] },
    { line: ['domain', 'set', 'shop.test', '--origin', 'http://127.0.0.1:8'] },
    { line: ['import', '--from', 'nginx', file('nginx.conf'), '--yes'] },
    { line: ['import', '--undo', '--yes'] },
    { line: ['watch', 'add', 'localhost:9', '--every', '1d'] },
    { line: ['watch', 'check'] },
    { line: ['watch', 'list'] },
    { line: ['watch', 'remove', 'localhost:9'] },
    { line: ['project', 'list'] },
    { line: ['project', 'forget', '--yes'] },
    { line: ['target', 'add', 'web', '--kind', 'nginx', '--config', key] },
    { line: ['target', 'list'] },
    { line: ['target', 'show', 'web'] },
    { line: ['target', 'check', 'web'] },
    { line: ['publish', 'shop.test', '--to', 'web', '--renew'] },
    { line: ['publish', 'shop.test', '--to', 'web', '--upload', crt, key] },
    { line: ['publish', 'shop.test', '--to', 'web', '--upload', crt, file('cut.key')] },
    { line: ['target', 'remove', 'web', '--yes'] },
    { line: ['domain', 'tag', 'shop.test', '--add', 'eu'] },
    { line: ['domain', 'list'] },
    { line: ['run', '--list'] },
    { line: ['lan', 'status'] },
    { line: ['lan', 'on', 'shop.test', '--address', '127.0.0.2'] },
    { line: ['lan', 'off'] },
    { line: ['domain', 'show', 'shop.test'] },
    { line: ['domain', 'history', 'shop.test'] },
    { line: ['redirect', 'shop.test', 'https'] },
    { line: ['origin', 'backup', 'add', 'shop.test', 'http://127.0.0.1:7'] },
    { line: ['origin', 'health', 'shop.test', '--path', '/healthz'] },
    { line: ['origin', 'timeouts', 'shop.test', '--connect', '2'] },
    { line: ['origin', 'status', 'shop.test'] },
    { line: ['origin', 'backup', 'remove', 'shop.test', 'http://127.0.0.1:7'] },
    { line: ['route', 'add', 'shop.test', '/docs', 'file:///srv/docs', '--strip-path'] },
    { line: ['route', 'remove', 'shop.test', '/docs'] },
    { line: ['tls', 'shop.test', '--min', '1.3', '--stapling', 'on'] },
    { line: ['hsts', 'shop.test', '--days', '1'] },
    { line: ['headers', 'add', 'shop.test', 'response', 'set', 'Cache-Control', 'no-store'] },
    { line: ['headers', 'list', 'shop.test'] },
    { line: ['headers', 'remove', 'shop.test', '1'] },
    { line: ['headers', 'clear', 'shop.test'] },
    { line: ['access', 'shop.test', '--user', 'anna', '--password-stdin'], input },
    { line: ['access', 'shop.test', '--user', 'an:na', '--password-stdin'], input },
    { line: ['access', 'shop.test'] },
    { line: ['findings', 'shop.test'] },
    { line: ['get', 'shop.test'] },
    { line: ['body-limit', '1MB', 'shop.test'] },
    { line: ['policy', 'show', 'shop.test'] },
    { line: ['policy', 'copy', 'shop.test', 'shop.test'] },
    { line: ['check', 'shop.test'] },
    { line: ['https', 'rollback', 'shop.test'] },
    { line: ['https', 'pause', 'shop.test'] },
    { line: ['cert', 'import', crt, key] },
    { line: ['cert', 'list'] },
    { line: ['cert', 'show', 'shop.test'] },
    { line: ['cert', 'set', 'shop.test', '--note', 'a note'] },
    { line: ['cert', 'tag', 'shop.test', '--add', 'eu'] },
    { line: ['cert', 'history', 'shop.test'] },
    { line: ['cert', 'replace', 'shop.test', '--upload', crt, key, '--dry-run'] },
    { line: ['cert', 'export', 'shop.test'] },
    { line: ['inspect', crt, key, file('cut.key')] },
    { line: ['match', crt, key] },
    { line: ['verify', '--leaf', crt] },
    { line: ['inspect', '--remote', '127.0.0.1:1', crt, key] },
    { line: ['lint', crt, key, '--sarif', file('lint.sarif')] },
    { line: ['preflight', crt, key] },
    { line: ['compare', crt, crt] },
    { line: ['expiring', crt, key] },
    { line: ['report', crt, key, '--html', file('report.html')] },
    { line: ['convert', crt, key, '--to', 'p12', '--out', file('site.p12'), '--new-password-stdin'], input },
    { line: ['inspect', file('site.p12'), '--password-stdin'], input },
    { line: ['cert', 'rename', 'shop.test', 'shop.test'] },
    { line: ['cert', 'keep', 'shop.test'] },
    { line: ['origin', 'test', 'shop.test'] },
    { line: ['traffic', 'har', file('traffic.har')] },
    { line: ['traffic', 'replay', '1'] },
    { line: ['traffic', 'clear', '--yes'] },
    { line: ['https', 'on', 'shop.test', '--free'] },
    { line: ['authority', 'show'] },
    { line: ['authority', 'allow', 'example.com', '--yes'] },
    { line: ['authority', 'disallow', 'example.com', '--yes'] },
    { line: ['authority', 'rotate', '--yes'] },
    { line: ['authority', 'allow', '--clients', '--yes'] },
    { line: ['cert', 'issue', 'issued.test'] },
    {
      line: [
        'cert',
        'issue',
        '--for',
        'client',
        '--holder',
        'phone',
        '--out',
        file('phone.p12'),
        '--new-password-stdin',
      ],
      input,
    },
    { line: ['authority', 'export', '--out', file('authority.crt')] },
    { line: ['cert', 'issued'] },
    { line: ['cert', 'reissue', 'issued.test'] },
    { line: ['cert', 'revoke', 'phone', '--yes'] },
    { line: ['authority', 'publish'] },
    { line: ['cert', 'request', 'asked.test', '--out', file('asked.csr')] },
    { line: ['cert', 'sign', file('asked.csr'), '--yes'] },
    { line: ['cert', 'sign', key, '--yes'] },
    { line: ['cert', 'requests', '--forget', 'asked.test', '--yes'] },
    { line: ['acme', 'serve', '--waive', 'test'] },
    { line: ['acme', 'accounts'] },
    { line: ['acme', 'binding', 'planted'] },
    { line: ['acme', 'rehearse', '--report'] },
    { line: ['acme', 'serve', '--off'] },
    { line: ['acme', 'directory', 'https://127.0.0.1:1/dir'] },
    {
      line: [
        'acme',
        'account',
        'add',
        'CA',
        '--directory',
        'https://127.0.0.1:1/',
        '--binding-key-id',
        'k',
      ].concat('--binding-key-stdin'),
      input,
    },
    { line: ['acme', 'account', 'list'] },
    { line: ['acme', 'account', 'rollover', 'CA'] },
    { line: ['acme', 'account', 'end', 'CA', '--yes'] },
    {
      line: [
        'acme',
        'dns',
        'add',
        'DNS',
        '--acme-dns',
        'https://127.0.0.1:1/',
        '--username',
        'u',
        '--subdomain',
        's',
      ].concat('--secret-stdin'),
      input,
    },
    { line: ['acme', 'dns', 'list'] },
    { line: ['acme', 'dns', 'wait', 'DNS', '5'] },
    { line: ['acme', 'dns', 'record', 'shop.test', '--account', 'CA'] },
    { line: ['acme', 'dns', 'remove', 'DNS', '--yes'] },
    { line: ['acme', 'revoke', 'shop.test', '--yes'] },
    { line: ['https', 'on', 'shop.test', '--acme', 'CA'] },
    { line: ['cert', 'renewal', 'shop.test', '--remind', '30'] },
    { line: ['renew', '--due'] },
    { line: ['expiring'] },
    { line: ['trust', 'status'] },
    // No client of this computer is changed or run by a test of leaks.
    { line: ['trust', 'install', '--client', 'nobody', '--yes'] },
    { line: ['trust', 'undo', '--client', 'nobody', '--yes'] },
    { line: ['trust', 'test', '--client', 'nobody'] },
    { line: ['trust', 'env'] },
    // No terminal to confirm on, so nothing is set up.
    { line: ['setup', 'shop.test'] },
    { line: ['uninstall'] },
    {
      line: ['notice', 'add', 'team', '--webhook', '--secret-stdin'],
      input: `https://127.0.0.1:9/${passphrase}\n`,
    },
    { line: ['notice', 'list'] },
    { line: ['notice', 'test', 'team'] },
    { line: ['notice', 'remove', 'team', '--yes'] },
    { line: ['completion', 'bash'] },
    { line: ['service', 'install', '--dry-run'] },
    { line: ['service', 'status'] },
    { line: ['service', 'remove', '--dry-run'] },
    { line: ['report', '--out', file('bug.md')] },
    { line: ['names', 'status'] },
    { line: ['names', 'proxy', '--off'] },
    { line: ['ports', 'status'] },
    { line: ['ports', 'retry'] },
    // No terminal to confirm on, so nothing is moved.
    { line: ['ports', 'install'] },
    { line: ['ports', 'undo'] },
    // The user may have the right to write to the hosts file: these commands name a site that is not served.
    { line: ['names', 'install', 'example.com', '--yes'] },
    { line: ['names', 'undo', 'example.com', '--yes'] },
    { line: ['vault', 'rotate'] },
    { line: ['vault', 'protect', 'key-file'] },
    { line: ['vault', 'locking', '--auto-lock', 'off'] },
    { line: ['vault', 'recovery-key', '--new', '--yes'] },
    { line: ['vault', 'recovery-key'] },
    { line: ['backup', file('all.backup'), '--password-stdin'], input },
    { line: ['config', 'export', '--out', file('edgekeep.yaml')] },
    { line: ['config', 'import', file('edgekeep.yaml'), '--dry-run'] },
    { line: ['config', 'schema'] },
    { line: ['logs', '--to-file', 'on'] },
    { line: ['audit'] },
    { line: ['usage', 'price', '0.05', 'EUR'] },
    { line: ['usage', 'show'] },
    { line: ['usage', '--csv'] },
    { line: ['https', 'off', 'shop.test', '--yes'] },
    { line: ['cert', 'remove', 'shop.test', '--yes'] },
    { line: ['domain', 'remove', 'shop.test', '--yes'] },
    { line: ['restore', file('all.backup'), '--password-stdin', '--yes'], input },
  ]
}

/** Commands that print the content of a file, in which times are as programs write them. */
const isDocument = (line: string[]) => line.includes('--csv')
const isoTime = /\d{4}-\d\d-\d\dT\d\d:\d\d/

function namesOf(command: Command, above: string[] = []): string[] {
  const own = [...above, command.name()]
  if (command.commands.length === 0) return [own.slice(1).join(' ')]
  const below = command.commands.flatMap((each) => namesOf(each, own))
  return command.registeredArguments.length > 0 && above.length > 0
    ? [own.slice(1).join(' '), ...below]
    : below
}

test(
  'no command prints a key or a passphrase or leaves one in the home, nor prints a time that is made for programs',
  { timeout: 900_000 },
  async () => {
    const run = commandLines()
    const all = namesOf(createProgram(() => undefined)).filter((name) => !elsewhere.includes(name))
    const named = run.map(({ line }) => line.join(' '))
    expect(all.filter((name) => !named.some((line) => `${line} `.startsWith(`${name} `)))).toEqual([])
    let printed = ''
    for (const { line, input } of run) {
      // Runs each command with its output for people and as JSON.
      for (const form of [line, [...line, '--json']]) {
        const { out, err } = await edgekeep(home, form, input)
        // Two commands print a secret on purpose: nothing else may contain it.
        if (line.includes('binding'))
          needles.texts.push(...(out.match(/(?<=MAC key +|"macKey":")[\w-]{43}/g) ?? []))
        else if (line.includes('--new'))
          needles.texts.push(...(out.match(/([0-9A-Z]{5}-){7}[0-9A-Z]{5}/g) ?? []))
        else printed += out + err
        if (!form.includes('--json') && !isDocument(line))
          expect(`${out}${err}`, line.join(' ')).not.toMatch(isoTime)
      }
    }
    expect(printed.length).toBeGreaterThan(10_000)
    expect(needles.texts.filter((text) => /^([0-9A-Z]{5}-){7}/.test(text))).toHaveLength(2)
    expect(foundInText(printed, needles)).toEqual([])
    expect(filesWith(home, needles)).toEqual([])
  },
)

test('a bug report has the ends of the logs, without keys, names and folders', async () => {
  const reported = join(folder, 'reported')
  mkdirSync(join(reported, 'logs'), { recursive: true, mode: 0o700 })
  await edgekeep(reported, ['domain', 'add', 'secret-project.test', '--origin', 'http://127.0.0.1:9'])
  const line = { msg: `Failed for www.secret-project.test in ${reported}: ${shop.keyPem}`, home: homedir() }
  writeFileSync(join(reported, 'logs/engine.log'), `${JSON.stringify(line)}\n`)
  writeFileSync(join(reported, 'logs/engine-errors.log'), `${shop.keyPem}\n`)
  const { out, status } = await edgekeep(reported, ['report'])
  expect(status).toBe(0)
  expect(out).toMatch(
    /^# Edgekeep bug report[^]*1 domains, 0 on HTTPS[^]*Failed for www\.name-1\.example in DATA/,
  )
  expect(out).toContain('[private key removed]')
  expect(foundInText(out, needlesOf(shop.keyPem))).toEqual([])
  for (const own of ['secret-project', reported, homedir()]) expect(out).not.toContain(own)
  const both = await edgekeep(reported, ['report', file('site.crt'), '--out', file('bug.md')])
  expect([both.status, both.err]).toEqual([2, expect.stringContaining('--html FILE')])
})

test('a bug report replaces removed domains, origins, mails and channels, and has no output of programs', async () => {
  const reported = join(folder, 'replaced')
  mkdirSync(join(reported, 'logs'), { recursive: true, mode: 0o700 })
  const run = (...words: string[]) => edgekeep(reported, words)
  await run('domain', 'add', 'gone-client.test', '--origin', 'http://backend.gone-client.internal:9')
  await run('domain', 'remove', 'gone-client.test', '--yes')
  await run('domain', 'add', 'münchen.test', '--origin', 'http://10.7.8.9:3000')
  await run('notice', 'add', 'Annas "Team"', '--command', '/srv/anna/take-notice')
  await run('notice', 'add', 'former-team', '--command', '/srv/anna/other-notice')
  await run('notice', 'remove', 'former-team', '--yes')
  const hidden = ['gone-client', '10.7.8.9', 'ünchen', 'xn--', 'Annas', 'former-team', '/srv/anna', 'tok-123']
  const lines = [
    { msg: 'Failed for GONE-CLIENT.test and backend.gone-client.internal (10.7.8.9)' },
    { msg: 'Failed for münchen.test, xn--mnchen-3ya.test by /srv/anna/take-notice' },
    { channel: 'Annas "Team"', reason: '"Annas "Team"" did not take it: it ended with 1: bad "tok-123"' },
    { channel: 'former-team', msg: 'Notice not sent' },
  ]
  const log = lines.map((each) => `${JSON.stringify(each)}\n`).join('')
  writeFileSync(join(reported, 'logs/engine.log'), log)
  const { out, status } = await run('report')
  expect(status).toBe(0)
  expect(out).toContain('it ended with 1: [output removed]')
  expect(out).toContain('Notice not sent')
  for (const own of hidden) expect(out).not.toContain(own)
})

test('a bug report leaves the logs out while no names can be read', async () => {
  const broken = join(folder, 'broken')
  mkdirSync(join(broken, 'logs'), { recursive: true, mode: 0o700 })
  await edgekeep(broken, ['domain', 'add', 'secret-project.test', '--origin', 'http://127.0.0.1:9'])
  writeFileSync(join(broken, 'vault.db'), 'no database')
  writeFileSync(join(broken, 'logs/engine.log'), '{"msg":"Failed for secret-project.test"}\n')
  const { out, status } = await edgekeep(broken, ['report'])
  expect(status).toBe(0)
  expect(out).toMatch(/vault\.damaged: [^]*## Logs\n\nLeft out: the names to replace/)
  expect(out).not.toContain('secret-project')
})
