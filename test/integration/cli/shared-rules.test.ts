import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestAuthority, issueTestLeaf } from '../../support/pki/certificates.ts'
import { edgekeep, type Ran } from '../../support/processes/cli.ts'
import { temporaryFolder } from '../../support/engine/engine.ts'

/** The rules that engine, command line and window share, as a person meets them. No engine runs. */
const authority = createTestAuthority()
let folder: string
let home: string
const file = (name: string) => join(folder, name)
const run = (...args: string[]): Promise<Ran> => edgekeep(home, args)

function writePair(name: string, names: string[]): string[] {
  const { chainPem, keyPem } = issueTestLeaf(authority, { names })
  writeFileSync(file(`${name}.crt`), chainPem)
  writeFileSync(file(`${name}.key`), keyPem)
  return [file(`${name}.crt`), file(`${name}.key`)]
}

beforeAll(() => {
  folder = temporaryFolder()
  home = join(folder, 'home')
  mkdirSync(home, { mode: 0o700 })
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('a name that a wildcard covers is not lost', () => {
  const www = () => writePair('www', ['shop.test', 'www.shop.test'])
  const wildcard = () => writePair('wildcard', ['shop.test', '*.shop.test'])

  test('compare finds no lost name', async () => {
    const [before, after] = [www()[0] ?? '', wildcard()[0] ?? '']
    const ran = await run('compare', before, after, '--json')
    expect(ran.json()).toMatchObject({ ok: true, names: { lost: [], gained: ['*.shop.test'] } })
    expect(ran.status).toBe(0)
    const back = await run('compare', after, before, '--json')
    expect(back.json()).toMatchObject({ ok: false, names: { lost: ['*.shop.test'], gained: [] } })
    expect(back.status).toBe(1)
  })

  test('replace and swap report no lost name, and neither does the domain’s history', async () => {
    await run('domain', 'add', 'www.shop.test', '--origin', '3000')
    await run('https', 'on', 'www.shop.test', '--upload', ...www(), '--name', 'old', '--keep')
    const uploaded = ['--upload', ...wildcard(), '--name', 'new', '--keep']
    const told = await run('cert', 'replace', 'old', ...uploaded, '--dry-run', '--json')
    expect(told.json()).toMatchObject({ ok: true, impact: { namesLost: [], namesGained: ['*.shop.test'] } })
    const swapped = await run('https', 'on', 'www.shop.test', ...uploaded, '--json')
    expect(swapped.json()).toMatchObject({ impact: { namesLost: [], namesGained: ['*.shop.test'] } })
    const { history } = (await run('domain', 'history', 'www.shop.test', '--json')).json()
    expect(history).toContainEqual(
      expect.objectContaining({ impact: { namesLost: [], namesGained: ['*.shop.test'] } }),
    )
  })
})

describe('an origin', () => {
  test.each([
    ['3001', 'http://127.0.0.1:3001'],
    [':3001', 'http://127.0.0.1:3001'],
    ['localhost:3001', 'http://localhost:3001'],
    ['[::1]:3001', 'http://[::1]:3001'],
    ['https://staging.example.com', 'https://staging.example.com'],
    ['example.com', 'example.com'],
  ])('%s is %s', async (written, shown) => {
    await run('domain', 'remove', 'origin.test', '--yes')
    const ran = await run('domain', 'add', 'origin.test', '--origin', written)
    expect(ran).toMatchObject({ status: 0, err: '' })
    expect(ran.out).toContain(`Added origin.test → ${shown}. `)
  })

  test.each(['99999', '127.1:3000', 'http://3000', 'http://me:horse@example.com'])(
    '%s is none',
    async (written) => {
      const ran = await run('domain', 'add', 'other.test', '--origin', written, '--json')
      expect(ran.status).toBe(2)
      expect(ran.json().error).toMatchObject({ code: 'origin.invalid' })
      expect(ran.out).not.toContain('horse')
    },
  )
})

describe('a command that erases', () => {
  const domains = async () => {
    const answer = (await run('domain', 'list', '--json')).json()
    return (answer.domains as { name: string }[]).map(({ name }) => name)
  }

  test.each([
    [
      'domain remove gone.test',
      'This erases the certificate "gone.test" and its private key. Remove gone.test?',
    ],
    [
      'https off gone.test',
      'This erases the certificate "gone.test" and its private key. Turn HTTPS off for gone.test?',
    ],
    ['cert remove spare', 'This erases the certificate "spare" and its private key. Remove it?'],
  ])('%s asks first, and where nobody can be asked refuses without --yes', async (line, question) => {
    const [spare] = [writePair('spare', ['spare.test'])]
    await run('domain', 'add', 'gone.test', '--origin', '3000')
    await run('https', 'on', 'gone.test', '--free')
    await run('cert', 'import', ...spare, '--name', 'spare')
    const before = await domains()
    const refused = await run(...line.split(' '), '--json')
    expect(refused.status).toBe(2)
    expect(refused.json().error).toMatchObject({ code: 'usage.wrong' })
    expect(refused.json().error?.message).toBe(
      `${question} There is no terminal to confirm at, so nothing was changed. Confirm it with --yes.`,
    )
    expect(await domains()).toEqual(before)
    expect((await run('cert', 'show', line.startsWith('cert') ? 'spare' : 'gone.test')).status).toBe(0)
    expect(await run(...line.split(' '), '--yes')).toMatchObject({ status: 0, err: '' })
  })

  test('says what stays: a certificate that is kept, or that another domain could go back to', async () => {
    await run('domain', 'add', 'a.shop.test', '--origin', '3000')
    await run('domain', 'add', 'b.shop.test', '--origin', '3000')
    const both = writePair('both', ['a.shop.test', 'b.shop.test'])
    await run('https', 'on', 'a.shop.test', '--upload', ...both, '--name', 'both')
    await run('https', 'on', 'b.shop.test', '--cert', 'both')
    // The domain b.shop.test now has "both" only as its previous certificate.
    await run('https', 'on', 'b.shop.test', '--free')
    const refused = await run('https', 'off', 'a.shop.test')
    expect(refused.err).toContain('Still in the vault afterwards: "both". Turn HTTPS off for a.shop.test?')
    expect(refused.err).not.toContain('erases')
    const done = await run('https', 'off', 'a.shop.test', '--yes', '--json')
    expect(done.json()).toMatchObject({ ok: true, erased: [], kept: ['both'] })
  })

  test('a swap that erases the certificate before the previous one asks first, whichever command makes it', async () => {
    const uploaded = (name: string) => {
      const files = writePair(name, ['swap.test'])
      return ['--upload', ...files, '--name', name]
    }
    const inVault = async () => {
      const { certificates } = (await run('cert', 'list', '--json')).json()
      return (certificates as { name: string }[]).map(({ name }) => name)
    }
    await run('domain', 'add', 'swap.test', '--origin', '3000')

    for (const name of ['First', 'Second']) {
      const on = await run('https', 'on', 'swap.test', ...uploaded(name))
      expect(on).toMatchObject({ status: 0, err: '' })
      expect(on.out).toContain(`swap.test: HTTPS on, ${name} (`)
    }
    const before = await inVault()
    for (const way of [uploaded('third'), ['--free'], ['--acme', 'CA']]) {
      const refused = await run('https', 'on', 'swap.test', ...way, '--json')
      expect([refused.status, refused.json().error?.message]).toEqual([
        2,
        'This erases the certificate "First" and its private key. --keep-old keeps it. Swap the certificate of swap.test? There is no terminal to confirm at, so nothing was changed. Confirm it with --yes.',
      ])
    }
    expect(await inVault()).toEqual(before)
    const kept = await run('https', 'on', 'swap.test', ...uploaded('third'), '--keep-old', '--json')
    expect(kept.json()).toMatchObject({ ok: true, erased: [] })
    const swapped = await run('https', 'on', 'swap.test', '--free', '--yes')
    expect(swapped.out).toContain('Erased, with its key: Second.')
    expect(await run('https', 'rollback', 'swap.test', '--accept-worse')).toMatchObject({
      status: 0,
      err: '',
    })
  })

  test('a way to set TXT records, with its secret, asks too', async () => {
    await run('acme', 'dns', 'add', 'DNS', '--hook', '/bin/true')
    const refused = await run('acme', 'dns', 'remove', 'DNS')
    expect([refused.status, refused.err]).toEqual([2, expect.stringContaining('Confirm it with --yes.')])
    expect((await run('acme', 'dns', 'list')).out).toContain('DNS')
    expect(await run('acme', 'dns', 'remove', 'DNS', '--yes')).toMatchObject({ status: 0, err: '' })
  })

  test('says that there is nothing to erase, and does not ask', async () => {
    for (const line of [
      'domain remove no.test',
      'https off no.test',
      'cert remove nothing',
      'acme dns remove nothing',
      'acme account end nothing',
      'cert requests --forget nothing',
    ])
      expect((await run(...line.split(' '), '--json')).json().error?.code).toMatch(/not_found$/)
  })
})

describe('changes of a domain’s origins are shown', () => {
  const first = (ran: Ran) => ran.out.split('. ')[0]

  test('the health check and failover', async () => {
    await run('domain', 'add', 'said.test', '--origin', '3000')
    const set = ['origin', 'health', 'said.test']
    expect(first(await run(...set, '--path', '/healthz', '--every', '5', '--eject-after', '1'))).toBe(
      'said.test: health check at /healthz every 5 s, timeout 3 s; failover after 1 failed request',
    )
    expect(first(await run(...set, '--no-path', '--eject-after', '0'))).toBe(
      'said.test: no health check; no failover',
    )
  })

  test('the timeouts', async () => {
    const set = ['origin', 'timeouts', 'said.test']
    expect(first(await run(...set, '--connect', '2', '--min-request-rate', '0'))).toBe(
      'said.test: connect 2 s, response default, idle default, request body at any rate, response body default',
    )
    expect(first(await run(...set, '--connect', '-', '--min-response-rate', '100'))).toBe(
      'said.test: connect default, response default, idle default, request body at any rate, response body at least 100 bytes/s',
    )
  })
})
