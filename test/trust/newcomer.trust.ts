import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { unless } from '../support/needs.ts'
import { whyNoOwnNetwork } from '../support/processes/own-network.ts'

/*
 * Steps from the start of Edgekeep on a HOME that has nothing to a green padlock in the person's own Chromium and Firefox:
 * how long it takes, and what has to be decided. The window is driven as a person does, without pauses for reading.
 * There is no polkit here: sudo stands in for its dialog, without a password, which is counted as a decision.
 */

const repository = join(import.meta.dirname, '../..')
const missing = whyNoOwnNetwork([
  'unshare',
  'setpriv',
  'sudo',
  'ip',
  'python3',
  'chromium',
  'firefox-esr',
  'certutil',
])

const driver = `
import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
const { chromium } = createRequire('${repository}/package.json')('playwright-core')
const home = process.env.HOME
const began = performance.now()
const seconds = () => Math.round((performance.now() - began) / 100) / 10
const told = { decisions: [] }
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

process.on('exit', () => edgekeep.kill('SIGINT'))
const edgekeep = spawn(process.execPath, ['${repository}/bin/edgekeep.mjs'], { cwd: home })
let said = ''
for (const stream of [edgekeep.stdout, edgekeep.stderr]) stream.on('data', (bytes) => (said += bytes))
const until = async (look) => {
  for (let tries = 0; tries < 900; tries += 1) {
    const found = await look()
    if (found) return found
    await sleep(200)
  }
  throw new Error('It did not come: ' + said)
}
const [, address] = await until(() => /Window: (\\S+)/.exec(said))
told.windowAt = seconds()
const context = await chromium.launchPersistentContext(home + '/.config/chromium', { executablePath: '/usr/bin/chromium', chromiumSandbox: true, args: ['--disable-gpu'] })
context.setDefaultTimeout(120_000)
const window = await context.newPage()
await window.goto(address)
await window.getByRole('button', { name: 'Add domain' }).first().click()
await window.getByRole('textbox', { name: 'Domain' }).fill('shop.test')
await window.getByRole('textbox', { name: 'Origin' }).fill('http://127.0.0.1:3000')
await window.getByRole('dialog').getByRole('button', { name: 'Add domain' }).click()
told.decisions.push('which domain, and where its origin is')
await window.getByRole('complementary', { name: 'Next: trusted HTTPS' }).getByRole('button', { name: 'Set up…' }).click()
const dialog = window.getByRole('dialog')
await dialog.getByRole('button', { name: 'Set up' }).click()
told.planAt = seconds()
told.decisions.push('whether all that the plan shows is done')
const opened = context.waitForEvent('page', { timeout: 300_000 })
const page = await opened.catch(async (error) => { throw new Error(error + ' ' + (await dialog.innerText())) })
told.decisions.push('the password of the administrator')
await page.waitForLoadState('load').catch(() => undefined)
told.title = await page.title()
told.address = page.url()
const session = await context.newCDPSession(page)
const state = new Promise((resolve) => session.on('Security.visibleSecurityStateChanged', ({ visibleSecurityState }) => resolve(visibleSecurityState.securityState)))
await session.send('Security.enable')
told.chromium = await state
told.chromiumAt = seconds()
told.dialog = (await dialog.innerText()).split('\\n').filter((line) => /trusts|refuses|Failed|Not done/.test(line))
const own = mkdtempSync(home + '/firefox-')
cpSync(home + '/.mozilla/firefox/a.default', own, { recursive: true })
const firefox = spawn('firefox-esr', ['--headless', '--no-remote', '--profile', own, 'https://shop.test/by-firefox'], { stdio: 'ignore' })
await until(() => readFileSync(home + '/origin.log', 'utf8').includes('by-firefox'))
told.firefoxAt = seconds()
firefox.kill()
await context.close()
edgekeep.kill('SIGINT')
console.log(JSON.stringify(told))
process.exit(0)
`

test(
  'a newcomer has a green padlock in Chromium and Firefox in under two minutes and with three decisions',
  { ...unless(missing), timeout: 600_000 },
  async () => {
    spawnSync(process.execPath, [join(repository, 'bin/edgekeep.mjs'), '--version'])
    const root = mkdtempSync('/tmp/edgekeep-newcomer-')
    const home = join(root, 'home')
    try {
      for (const folder of ['home/site', 'home/bin', 'home/.mozilla/firefox/a.default', 'anchors'])
        mkdirSync(join(root, folder), { recursive: true })
      writeFileSync(
        join(home, '.mozilla/firefox/profiles.ini'),
        '[Profile0]\nName=a\nIsRelative=1\nPath=a.default\n',
      )
      writeFileSync(join(home, 'site/index.html'), '<!doctype html><title>The shop</title>The shop')
      writeFileSync(join(home, 'site/by-firefox'), 'By Firefox')
      writeFileSync(join(home, 'bin/pkexec'), '#!/bin/sh\nexec sudo "$@"\n', { mode: 0o755 })
      writeFileSync(join(home, 'driver.mjs'), driver)
      spawnSync('sh', [
        '-c',
        `cp -a /etc ${root}/etc && cp -a /usr/local/share/ca-certificates/. ${root}/anchors`,
      ])
      writeFileSync(join(root, 'etc/sudoers.d/edgekeep-test'), 'nobody ALL=(ALL) NOPASSWD: ALL\n', {
        mode: 0o440,
      })
      spawnSync('chown', ['-R', 'nobody:nogroup', home])
      spawnSync('chmod', ['755', root])
      const mounts = `mount --bind ${root}/etc /etc && mount --bind ${root}/anchors /usr/local/share/ca-certificates && ip link set lo up`
      const env = `env -i HOME=${home} EDGEKEEP_HOME=${home}/edgekeep PATH=${home}/bin:/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8`
      const origin =
        '(cd site && exec /usr/bin/python3 -u -m http.server 3000 --bind 127.0.0.1) > origin.log 2>&1 & ORIGIN=$!'
      const line = `cd "$HOME"; ${origin}; ${process.execPath} driver.mjs; kill $ORIGIN`
      writeFileSync(join(home, 'person.sh'), line)
      const said = await output([
        '-m',
        '-n',
        'sh',
        '-c',
        `${mounts}; exec setpriv --reuid=nobody --regid=nogroup --init-groups ${env} sh ${home}/person.sh`,
      ])
      const told = JSON.parse(said.trim().split('\n').at(-1) ?? '') as {
        decisions: string[]
        firefoxAt: number
      }
      console.log(`Seen at a load of ${readFileSync('/proc/loadavg', 'utf8').split(' ')[0]}:`, told)
      expect(told).toMatchObject({ title: 'The shop', address: 'https://shop.test/', chromium: 'secure' })
      expect(told.decisions).toHaveLength(3)
      expect(told.firefoxAt).toBeLessThan(120)
    } finally {
      if (existsSync(root)) rmSync(root, { recursive: true, force: true, maxRetries: 5 })
    }
  },
)

function output(words: string[]): Promise<string> {
  const child = spawn('unshare', words, { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString('utf8')))
  return new Promise((resolve) => child.once('close', () => resolve(said)))
}
