import { spawn } from 'node:child_process'
import { appendFileSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { createPrivateKey } from 'node:crypto'
import path from 'node:path'
import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { createTestAuthority, issueTestLeaf, type TestLeaf } from '../support/pki/certificates.ts'
import { edgekeep, launcher } from '../support/processes/cli.ts'
import { startFakeDocker } from '../support/processes/fake-docker.ts'
import { temporaryFolder } from '../support/engine/engine.ts'
import { foundInText, needlesOf } from '../support/pki/needles.ts'
import { axeViolations, wcag } from '../support/browser/axe.ts'
import { showPart } from '../support/browser/domain-page.ts'
import { absent, linuxOnly, unless } from '../support/needs.ts'
import { realServer } from '../support/publish/real-servers.ts'
import { openWindow, type OpenedWindow } from '../support/browser/open-window.ts'
import type { Domain } from '../../src/contract/domains/domains.ts'
import { lookOver, takePicture } from './pictures.ts'

const authority = createTestAuthority({ commonName: 'Shop test authority' })
const old = issueTestLeaf(authority, { names: ['shop.test', 'www.shop.test', 'old.shop.test'] })
const next = issueTestLeaf(authority, { names: ['shop.test', 'www.shop.test', 'new.shop.test'] })
const many = Array.from({ length: 40 }, (_, at) => issueTestLeaf(authority, { names: [`site${at}.test`] }))
const ending = issueTestLeaf(authority, {
  names: ['site4.test'],
  notAfter: new Date(Date.now() + 20 * 86_400_000),
})
const passphrase = 'open sesame, all of you'

let folder: string
let opened: OpenedWindow
const run = (...args: string[]) => edgekeep(opened.home.folder, args)
beforeAll(async () => {
  folder = temporaryFolder()
  opened = await openWindow({ DOCKER_HOST: `unix://${path.join(folder, 'docker.sock')}` })
  const files = filesOf('old', old)
  await run('cert', 'import', '--name', 'shop 2025', ...files)
  await run('cert', 'import', '--name', 'shop 2026', ...filesOf('next', next))
  for (const name of ['shop.test', 'www.shop.test', 'old.shop.test']) {
    await run('domain', 'add', name, '--origin', 'http://127.0.0.1:3000')
    await run('https', 'on', name, '--cert', 'shop 2025')
  }
  await run('domain', 'add', 'site3.test', 'site4.test', '--origin', 'http://127.0.0.1:3000')
  await run('cert', 'import', '--name', 'site4 ending', ...filesOf('ending', ending))
  await run('https', 'on', 'site4.test', '--cert', 'site4 ending')
}, 120_000)
afterAll(async () => {
  await opened?.close()
  rmSync(folder, { recursive: true, force: true })
})

function filesOf(name: string, leaf: TestLeaf): string[] {
  mkdirSync(path.join(folder, name), { recursive: true })
  const [certificate, key] = ['cert.pem', 'privkey.pem'].map((file) => path.join(folder, name, file))
  writeFileSync(certificate!, leaf.chainPem)
  writeFileSync(key!, leaf.keyPem)
  return [certificate!, key!]
}

/** A folder as a hosting panel leaves it: pairs, one without a key, one locked, and a README. */
function fillSites(): string {
  const sites = path.join(folder, 'sites')
  for (const [at, leaf] of many.entries()) filesOf(path.join('sites', `site${at}.test`), leaf)
  rmSync(path.join(sites, 'site1.test', 'privkey.pem'))
  const locked = createPrivateKey(many[2]!.keyPem)
  const cipher = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase } as const
  writeFileSync(path.join(sites, 'site2.test', 'privkey.pem'), locked.export(cipher))
  writeFileSync(path.join(sites, 'README'), 'Certificates of all sites.')
  return sites
}

const button = (name: string) => opened.window.getByRole('button', { name, exact: true })
const link = (name: string) => opened.window.getByRole('link', { name, exact: true })
const dialog = (name: string | RegExp) => opened.window.getByRole('dialog', { name })

describe('the records of a certificate', () => {
  test('a note and tags are written in place, by the keyboard, and Escape leaves the drawer open', async () => {
    const { window } = opened
    await link('Certificates').click()
    await link('shop 2025').click()
    const drawer = dialog(/shop 2025/)
    await drawer.getByRole('button', { name: 'Change note and tags' }).press('Enter')
    await window.keyboard.press('Escape')
    await drawer.getByRole('button', { name: 'Change note and tags' }).press('Enter')
    await window.keyboard.type('Ask Ada before it is renewed.')
    await window.keyboard.press('Tab')
    await window.keyboard.type('prod')
    await window.keyboard.press('Enter')
    await window.keyboard.type('eu')
    await window.keyboard.press('Enter')
    await drawer.getByRole('button', { name: 'Save', exact: true }).press('Enter')
    await drawer.getByText('Ask Ada before it is renewed.').waitFor()
    expect(await drawer.getByRole('list', { name: 'Tags' }).innerText()).toMatch(/prod\s+eu/)
    await takePicture(window, '17-notes')
    expect((await run('cert', 'list', '--tag', 'prod')).out).toContain('shop 2025')
  })

  test('its history comes from the audit trail', async () => {
    const { window } = opened
    await window.getByRole('tab', { name: 'History' }).click()
    const history = window.getByRole('list', { name: 'History, newest first' })
    await history.getByText('Note, tags or owner were changed').waitFor()
    await history.getByText('“shop 2025” was put on old.shop.test').waitFor()
    await history.getByText('Imported as “shop 2025”').waitFor()
  })

  test('it is replaced on many domains after what that does is shown', async () => {
    const { window } = opened
    await button('Replace…').click()
    const replace = dialog('Replace “shop 2025”')
    await replace.getByRole('radio', { name: 'shop 2026' }).click()
    const preview = replace.getByRole('region', { name: 'What changes' })
    await preview.getByText('1 name is no longer covered').waitFor()
    await preview.getByText('“shop 2026” does not cover it. It keeps its certificate.').waitFor()
    await replace.getByRole('checkbox', { name: 'All or nothing' }).check()
    await replace.getByText('Nothing would change.').waitFor()
    await replace.getByRole('checkbox', { name: 'All or nothing' }).uncheck()
    await replace.getByText('1 problem: it no longer covers old.shop.test.').waitFor()
    const targetSize = { type: 'rule', values: ['target-size'] }
    expect(await axeViolations(window, targetSize)).toEqual([])
    await takePicture(window, '18-replace')
    await replace.getByRole('button', { name: 'Use it anyway' }).click()
    await window.getByText('2 domains now use “shop 2026”.').waitFor()
    const used = await run('cert', 'list', '--json')
    const certificates = used.json().certificates as { name: string; usedBy: string[] }[]
    expect(certificates.find(({ name }) => name === 'shop 2026')?.usedBy).toEqual([
      'shop.test',
      'www.shop.test',
    ])
    const history = window.getByRole('list', { name: 'History, newest first' })
    await history.getByText('“shop 2026” replaced “shop 2025” on shop.test, www.shop.test').first().waitFor()
    await history.getByText('Names lost: old.shop.test').first().waitFor()
  })

  test('the list is narrowed by a tag and searched by it', async () => {
    const { window } = opened
    await window.keyboard.press('Escape')
    const search = window.getByRole('searchbox', { name: 'Search certificates' })
    await search.fill('prod')
    await link('shop 2026').waitFor({ state: 'detached' })
    await link('shop 2025').waitFor()
    await search.press('Escape')
    await window.getByRole('combobox', { name: 'Any tag' }).click()
    await window.getByRole('option', { name: 'eu' }).click()
    await link('shop 2026').waitFor({ state: 'detached' })
    await window.getByRole('combobox', { name: 'Any tag' }).click()
    await window.getByRole('option', { name: 'eu' }).click()
    await link('shop 2026').waitFor()
  })

  test('a domain tells which certificates it had', async () => {
    const { window } = opened
    await link('Domains').click()
    await link('shop.test').click()
    await showPart(window, 'History')
    const history = window.getByRole('region', { name: 'History' })
    await history.getByText('“shop 2026” replaced “shop 2025” on shop.test').waitFor()
    await history.getByText('“shop 2025” was put on shop.test').waitFor()
    await history.scrollIntoViewIfNeeded()
    await takePicture(window, '19-domain-history')
  })
})

describe('a folder of many sites', () => {
  test('is imported with what became of each, and no key in the page', async () => {
    const { window } = opened
    await link('Certificates').click()
    await button('Import a folder').click()
    const importing = dialog('Import a folder of certificates and keys')
    await importing.locator('input[webkitdirectory]').setInputFiles(fillSites())
    await importing.getByText('80 files chosen.').waitFor()
    await importing.getByRole('button', { name: 'Import 80 files' }).click()
    await importing.getByText('38 certificates are in the vault, their keys sealed').waitFor()
    await importing.getByText('1 file without certificate or key was skipped.', { exact: false }).waitFor()
    await importing.getByText('Not imported (3)').click()
    const results = importing.getByRole('region', { name: 'Results' })
    const rows = await results.getByRole('listitem').allInnerTexts()
    expect(rows.map((row) => row.replaceAll(/\s+/g, ' ')).toSorted()).toEqual([
      expect.stringMatching(/site2\.test\/privkey\.pem.* Locked/),
      expect.stringMatching(/site1\.test .*cert\.pem.* No key/),
      expect.stringMatching(/site2\.test .*cert\.pem.* No key/),
    ])
    await takePicture(window, '20-import-folder')
    expect(foundInText(await window.content(), needlesOf(many[0]!.keyPem))).toEqual([])
  })

  test('leads to its uses: a domain that is covered, one that is ending, and new domains', async () => {
    const { window } = opened
    const importing = dialog('Import a folder of certificates and keys')
    await importing.getByText('2 cover domains that you have.').waitFor()
    await takePicture(window, 'import-advice')
    await importing.getByRole('button', { name: 'Use them…' }).click()
    const using = dialog('Turn HTTPS on for 1 domain')
    await using.getByText('With site3.test from the vault').waitFor()
    await using.getByRole('button', { name: 'Turn on for 1 domain' }).click()
    await using.getByText('1 done.').waitFor()
    await using.getByRole('button', { name: 'Close' }).last().click()

    await importing.getByText('“site4.test” covers all that “site4 ending” covers').waitFor()
    await importing.getByRole('button', { name: 'Replace…' }).click()
    const replace = dialog('Replace “site4 ending”')
    await replace.getByRole('button', { name: 'Replace on 1 domain' }).click()
    await importing.getByText('“site4 ending”').waitFor({ state: 'detached' })

    await importing.getByText('36 cover names that you do not serve.').waitFor()
    await importing.getByRole('button', { name: 'Create domains…' }).click()
    const creating = dialog('Create 36 domains')
    await creating.getByText('To http://127.0.0.1:3000, with site0.test from the vault').waitFor()
    await takePicture(window, 'create-domains')
    await creating.getByRole('button', { name: 'Create 36 domains' }).click()
    await creating.getByText('36 done.').waitFor()
    const domains = (await run('domain', 'list', '--json')).json().domains as Domain[]
    const created = domains.filter(({ name, https }) => name.startsWith('site') && https.state === 'on')
    expect(created).toHaveLength(38)
    await creating.getByRole('button', { name: 'Undo for 36' }).click()
    await creating.getByText('Undone for 36.').waitFor()
    await creating.getByRole('button', { name: 'Close' }).last().click()
  })

  test('is imported whole or not at all, and its locked keys open with a passphrase', async () => {
    const { window } = opened
    await button('Import more').click()
    const importing = dialog('Import a folder of certificates and keys')
    await importing.locator('input[webkitdirectory]').setInputFiles(path.join(folder, 'sites'))
    await importing.getByRole('checkbox', { name: 'All or nothing' }).check()
    await importing.getByLabel('Passphrase, if any are encrypted').fill(passphrase)
    await importing.getByRole('button', { name: 'Import 80 files' }).click()
    await importing.getByText('Nothing new was imported').waitFor()
    const fields = await window.evaluate(() =>
      [...document.querySelectorAll('input')].map((field) => field.value),
    )
    expect(`${await window.content()}${fields.join('\n')}`).not.toContain(passphrase)
    await button('Done').click()
    await link('site0.test').waitFor()
  })
})

/** Folder of nginx with two sites, of which one has a login. */
function nginxFolder(leaf: TestLeaf): string {
  const nginx = path.join(folder, 'nginx')
  filesOf(path.join('nginx', 'tls'), leaf)
  writeFileSync(
    path.join(nginx, 'nginx.conf'),
    `http {
  server { listen 80; server_name moved.test; return 301 https://$host$request_uri; }
  server {
    listen 443 ssl;
    server_name moved.test;
    ssl_certificate /etc/nginx/tls/cert.pem;
    ssl_certificate_key tls/privkey.pem;
    proxy_cache zone;
    include /etc/passwd;
    location / { proxy_pass http://127.0.0.1:3000; }
  }
  server { listen 80; server_name login.test; auth_basic "x"; location / { proxy_pass http://127.0.0.1:1; } }
}`,
  )
  return nginx
}

describe('a setup of another program', () => {
  const leaf = issueTestLeaf(authority, { names: ['moved.test'] })
  const region = (name: string) => opened.window.getByRole('region', { name, exact: true })

  test('is shown as a plan, moved in by one click, and taken back', async () => {
    const { window } = opened
    await link('Domains').click()
    await button('Move in…').click()
    const choosing = region('Another place')
    await choosing.locator('input[webkitdirectory]').setInputFiles(nginxFolder(leaf))
    await choosing.getByText('3 files chosen').waitFor()
    await lookOver(window, 'move-in-choose')
    await choosing.getByRole('button', { name: 'Review…' }).click()
    await region('From nginx').getByText('moved.test → http://127.0.0.1:3000').waitFor()
    await region('From nginx').getByText('HTTPS · HTTP → HTTPS (301)').waitFor()
    const left = await region('Not taken over').innerText()
    expect(left).toMatch(/proxy_cache[^]*\/etc\/nginx\/nginx\.conf:8/)
    expect(left).toContain('it is not among the chosen files')
    expect(left).toContain('It is restricted by auth_basic')
    await lookOver(window, 'move-in-plan')
    await button('Add 1 domain and 1 certificate').click()
    await region('Last import').getByText('From nginx: 1 domain and 1 certificate added').waitFor()
    expect(foundInText(await window.content(), needlesOf(leaf.keyPem))).toEqual([])
    expect((await run('domain', 'show', 'moved.test')).out).toContain('http://127.0.0.1:3000')
    await button('Undo import…').click()
    await dialog('Undo the last import').getByRole('button', { name: 'Undo import', exact: true }).click()
    await region('Last import').waitFor({ state: 'detached' })
    expect((await run('domain', 'list')).out).not.toContain('moved.test')
  })
})

describe('the watched servers', () => {
  test('come from a list, are asked at a click, and show why one is not as it should be', async () => {
    const { window } = opened
    await link('Certificates').click()
    await button('Watched servers').click()
    await button('Watch servers…').click()
    await dialog('Watch servers').getByLabel('Servers').fill('# ours\nlocalhost:9\n127.0.0.1:9\n')
    await dialog('Watch servers').getByRole('button', { name: 'Watch 2 servers' }).click()
    await window.getByText('2 not asked yet').waitFor()
    await button('Check now').click()
    await window.getByText('2 with a fault').waitFor()
    const row = window.getByRole('listitem').filter({ hasText: '127.0.0.1:9' })
    await row.getByText('nothing listens there', { exact: false }).waitFor()
    await lookOver(window, 'watched-servers')
    await row.getByRole('button', { name: 'Remove…' }).click()
    await dialog('Stop watching 127.0.0.1:9').getByRole('button', { name: 'Stop watching' }).click()
    await row.waitFor({ state: 'detached' })
    expect((await run('watch', 'list')).out).toContain('localhost:9')
  })
})

describe('the servers that domains are published to', () => {
  const region = (name: string) => opened.window.getByRole('region', { name, exact: true })

  test(
    'show the plan, the result, what differs, and why a publication was rolled back',
    unless(absent('nginx', 'openssl')),
    async () => {
      const { window } = opened
      await link('Domains').click()
      await button('Publish…').click()
      await window.getByText('edgekeep target add web --kind nginx').waitFor()
      await lookOver(window, 'targets-none')
      mkdirSync(path.join(folder, 'server'))
      const server = await realServer('nginx', path.join(folder, 'server'))
      const { config = '', httpsPort, httpPort } = server.settings
      const ports = ['--https-port', String(httpsPort), '--http-port', String(httpPort)]
      const place = ['--config', config, '--bind', '127.0.0.1', ...ports]
      await run('target', 'add', 'web', '--kind', 'nginx', ...place)
      for (const name of ['fresh.test', 'slow.test'])
        await run('domain', 'add', name, '--origin', 'http://127.0.0.1:3000')
      await server.start()
      try {
        await region('web').getByText('nothing was published yet').waitFor()
        await region('web').getByRole('button', { name: 'Publish…' }).press('Enter')
        await publish('www.shop.test', filesOf('next', next), async (publishing) => {
          await publishing.getByText('this computer: would be published').waitFor()
          const diff = publishing.getByRole('region', {
            name: 'Changes of the configuration at this computer',
          })
          expect(await diff.innerText()).toContain('+')
          await lookOver(window, 'targets-plan')
        })
        const results = dialog('Publish to web').getByRole('region', { name: 'Result' })
        await results.getByText('this computer: published').waitFor()
        await lookOver(window, 'targets-result')
        await window.keyboard.press('Escape')
        await region('web').getByRole('button', { name: 'Publish…' }).and(window.locator(':focus')).waitFor()
        await region('web').getByRole('switch', { name: 'Renew by itself' }).click()
        await region('web').getByRole('switch', { name: 'Renew by itself', checked: true }).waitFor()
        await region('web').getByRole('button', { name: 'Check' }).click()
        await region('web')
          .getByText(/^Checked .+: as published\.$/)
          .waitFor()
        await link('Domains').first().click()
        await button('Publish…').click()
        await region('web')
          .getByText(/^Checked .+: as published\.$/)
          .waitFor()

        const release = realpathSync(path.join(server.folder, 'edgekeep', 'current'))
        appendFileSync(path.join(release, 'sites.conf'), '# by hand')
        await region('web').getByRole('button', { name: 'Check' }).click()
        await region('web').getByText('The files of the release were changed there.').waitFor()

        // A master that is stopped reads nothing, so the proof waits.
        const master = Number(readFileSync(path.join(server.folder, 'pid'), 'utf8'))
        process.kill(master, 'SIGSTOP')
        await region('web').getByRole('button', { name: 'Publish…' }).click()
        await publish('slow.test')
        const progress = dialog('Publish to web').getByRole('region', { name: 'Progress' })
        await progress.getByText(/^this computer: Proof from outside/).waitFor()
        await lookOver(window, 'targets-progress')
        await dialog('Publish to web').getByRole('button', { name: 'Cancel and roll back' }).click()
        await results.getByText('rolled back to what was there before').waitFor()
        process.kill(master, 'SIGCONT')
        await window.keyboard.press('Escape')

        await server.stop()
        await region('web').getByRole('button', { name: 'Publish…' }).click()
        await publish('fresh.test')
        await results.getByText('rolled back to what was there before').waitFor()
        await window.keyboard.press('Escape')
        await region('web')
          .getByText(/^invalid PID number/)
          .first()
          .waitFor()
        await region('web').getByText('3 publications').click()
        await window.emulateMedia({ colorScheme: 'dark' })
        expect(await axeViolations(window, wcag)).toEqual([])
        await window.emulateMedia({ colorScheme: null })
        await lookOver(window, 'targets')
        const rowOfWeb = /web +nginx +www\.shop\.test +rolled-back.+NOT COMPLETE/
        expect((await run('target', 'list')).out).toMatch(rowOfWeb)
      } finally {
        await server.stop()
      }
    },
  )

  /** Chooses a domain by the keyboard, uploads files, has the plan shown, and publishes. */
  async function publish(
    domain: string,
    files: string[] = [],
    look = async (_: Locator) => undefined as void,
  ): Promise<void> {
    const publishing = dialog('Publish to web')
    const choice = publishing.getByRole('combobox', { name: 'Domains that it serves' })
    await choice.fill(domain)
    await opened.window.getByRole('option', { name: domain, exact: true }).waitFor()
    for (const key of ['ArrowDown', 'Enter', 'Tab']) await opened.window.keyboard.press(key)
    if (files.length > 0) {
      await publishing.getByRole('checkbox', { name: 'Upload certificate and key' }).check()
      await publishing.locator('input[type=file]').setInputFiles(files)
    }
    await publishing.getByRole('button', { name: 'Show plan' }).click()
    await publishing.getByRole('region', { name: 'Plan' }).waitFor()
    await look(publishing)
    await publishing.getByRole('button', { name: 'Publish', exact: true }).click()
  }
})

/** Clone of a team's project on a branch, with a service that answers and a domain behind which nothing does. */
function teamProject(): string {
  const project = path.join(folder, 'team')
  mkdirSync(path.join(project, '.git'), { recursive: true })
  writeFileSync(path.join(project, '.git', 'HEAD'), 'ref: refs/heads/main\n')
  writeFileSync(
    path.join(project, 'server.mjs'),
    `import { createServer } from 'node:http'
createServer((_, response) => response.end('team')).listen(process.env.PORT, process.env.HOST)`,
  )
  writeFileSync(
    path.join(project, 'edgekeep.yaml'),
    `edgekeep: 1
project: team
services:
  web: { command: node server.mjs }
domains:
  team.test: { origin: 1 }
`,
  )
  return project
}

describe('a development project', () => {
  const project = () => opened.window.getByRole('region', { name: 'team', exact: true })
  const start = (cwd: string, ...args: string[]) => {
    const child = spawn(process.execPath, [launcher, '--home', opened.home.folder, ...args, '--yes'], {
      cwd,
      stdio: 'ignore',
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    return { child, ended: new Promise((resolve) => child.once('close', resolve)) }
  }

  test('shows its services with state and address, and the command while nothing runs', async () => {
    const { window } = opened
    const cwd = teamProject()
    // The page before it may have a link back to Domains as well.
    await link('Domains').first().click()
    await button('Projects').click()
    await window.getByText('No project runs').waitFor()
    await lookOver(window, 'projects-empty')
    await start(cwd, 'up', '--no-ui').ended
    const { child, ended } = start(cwd, 'run')
    await project().getByText('Running, started').waitFor()
    expect(await project().innerText()).toMatch(/Branch main[^]*web[^]*Origin[^]*team\.test/)
    await project().getByText(cwd).waitFor()
    const address = `https://team.localhost:${opened.running.httpsPort}/`
    await project().getByRole('link', { name: address }).waitFor()
    expect(await axeViolations(window, wcag)).toEqual([])
    await lookOver(window, 'projects')
    child.kill('SIGTERM')
    await ended
    await project().getByText('Not running').waitFor()
    await project().getByText('edgekeep run', { exact: true }).waitFor()
    await lookOver(window, 'projects-idle')
    await button('Forget team').click()
    const asking = window.getByRole('dialog', { name: 'Forget team' })
    await asking.getByText('team.test').waitFor()
    await asking.getByRole('button', { name: 'Forget' }).click()
    await window.getByText('No project runs').waitFor()
  })
})

test('a running container gets an address by a click', linuxOnly, async () => {
  const { window } = opened
  const docker = await startFakeDocker(folder)
  onTestFinished(() => docker.close())
  await link('Domains').first().click()
  await button('Projects').click()
  const row = window.getByRole('listitem').filter({ hasText: 'shop:1' })
  expect(await row.getByLabel('Port of web').inputValue()).toBe('3000')
  await row.getByRole('button', { name: 'Give it an address' }).click()
  await row.getByRole('link', { name: 'web.localhost' }).waitFor()
  expect(await axeViolations(window, wcag)).toEqual([])
  await lookOver(window, 'projects-containers')
})
