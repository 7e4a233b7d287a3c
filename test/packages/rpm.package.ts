import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bootstrap, must } from '../support/processes/clean-root.ts'
import { temporaryFolder } from '../support/engine/engine.ts'
import { needs } from '../support/needs.ts'

/*
 * The rpm of this checkout, installed and erased by rpm in the smallest Debian, which has what its scripts run. What
 * Fedora's package manager does besides is not seen here.
 */

const absent = ['rpm', 'debootstrap', 'chroot'].filter(
  (name) => spawnSync('sh', ['-c', `command -v ${name}`]).status !== 0,
)
const missing =
  process.getuid?.() !== 0
    ? 'only root can install a package in a root of its own'
    : absent.length > 0
      ? `${absent.join(', ')} is not installed here`
      : undefined
needs(missing)

let root: string
beforeAll(() => {
  if (missing) return
  root = path.join(temporaryFolder(), 'root')
  bootstrap(root, path.join(process.env['XDG_CACHE_HOME'] ?? '/var/cache', 'edgekeep-clean-root'))
}, 600_000)
afterAll(() => {
  if (!missing) rmSync(path.dirname(root), { recursive: true, force: true })
})

function rpmInDist(): string {
  const name = existsSync('dist') ? readdirSync('dist').find((file) => file.endsWith('.rpm')) : undefined
  if (!name) throw new Error('There is no rpm in dist: run "npm run package -- rpm" first.')
  return path.resolve('dist', name)
}

// `--nodeps`: the required packages are in no rpm database here.
const rpm = (...words: string[]) => {
  const ran = spawnSync('rpm', ['--root', root, '--nodeps', ...words], { encoding: 'utf8' })
  must(ran)
  return ran.stdout + ran.stderr
}
const edgekeep = (...words: string[]) =>
  must(
    spawnSync('chroot', [root, 'env', '-i', 'PATH=/usr/bin:/bin', 'HOME=/root', 'edgekeep', ...words], {
      encoding: 'utf8',
    }),
  )

test('its command runs, and its removal says what is still changed, and nothing once that is undone', () => {
  rpm('--install', rpmInDist())
  expect(edgekeep('--version')).toMatch(/^\d+\.\d+\.\d+\n$/)
  writeFileSync(path.join(root, 'etc/hosts'), '127.0.0.1 localhost\n')
  edgekeep('domain', 'add', 'shop.test', '--origin', 'http://127.0.0.1:9')
  edgekeep('names', 'install', 'shop.test', '--yes')
  // An update prints no farewell, since nothing is removed.
  expect(rpm('--upgrade', '--replacepkgs', rpmInDist())).not.toContain('changed this computer')
  const told = rpm('--erase', 'edgekeep')
  expect(told).toContain(
    'Edgekeep changed this computer, and its removal does not undo that:\n  /etc/hosts, names that point to this computer\n  changes by root, noted in /root/.local/share/edgekeep/trust\nTo undo it, everybody who used Edgekeep runs "edgekeep uninstall"',
  )
  expect(existsSync(path.join(root, 'usr/lib/edgekeep'))).toBe(false)
  rpm('--install', rpmInDist())
  expect(edgekeep('uninstall', '--yes')).toContain('the hosts file')
  expect(execFileSync('cat', [path.join(root, 'etc/hosts')], { encoding: 'utf8' })).toBe(
    '127.0.0.1 localhost\n',
  )
  expect(rpm('--erase', 'edgekeep')).not.toContain('changed this computer')
})
