import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  findFile,
  findMissingPage,
  type ServedFolder,
} from '../../../../../src/edge/worker/static-files/find-file.ts'
import { VaultGuard } from '../../../../../src/edge/worker/static-files/vault-guard.ts'

let base: string
let served: ServedFolder

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'edgekeep-find-'))
  const root = join(base, 'root')
  for (const folder of ['root/odd/index.html', 'root/leads-out', 'root/.hidden', 'outside', 'vault'])
    mkdirSync(join(base, folder), { recursive: true })
  for (const file of [
    'root/a.txt',
    'root/index.html',
    'root/.hidden/b.txt',
    'outside/index.html',
    'vault/vault.db',
  ])
    writeFileSync(join(base, file), file)
  symlinkSync(join(base, 'outside'), join(root, 'out'))
  symlinkSync(join(base, 'outside/index.html'), join(root, 'leads-out/index.html'))
  symlinkSync(join(root, '.hidden'), join(root, 'shown'))
  symlinkSync(join(root, 'a.txt'), join(root, 'also-a.txt'))
  symlinkSync(join(root, 'loop'), join(root, 'loop'))
  served = {
    origin: { protocol: 'folder', folder: root, dotFiles: false },
    guard: new VaultGuard(join(base, 'vault')),
  }
})
afterAll(() => rmSync(base, { recursive: true }))

/** Text of the file that a target leads to, or why there is none. */
async function found(target: string, of = served): Promise<string> {
  const finding = await findFile(of, target, target.split('?', 1)[0]!.endsWith('/'))
  if (finding.kind !== 'file') return finding.kind === 'unreadable' ? finding.code : finding.kind
  const text = await finding.file.handle.readFile('utf8')
  await finding.file.handle.close()
  expect(finding.file.size).toBe(text.length)
  return text
}

describe('below a folder', () => {
  test.each([
    ['/', 'root/index.html'],
    ['/?x', 'root/index.html'],
    ['/a.txt?x', 'root/a.txt'],
    ['/also-a.txt', 'root/a.txt'],
    ['/a.txt/', 'missing'],
    ['/a.txt/b', 'missing'],
    ['/none', 'missing'],
    ['/loop', 'missing'],
    ['/odd', 'redirect'],
    ['/.hidden/b.txt', 'missing'],
    ['/../outside/index.html', 'missing'],
  ])('%s is %s', async (target, wanted) => {
    expect(await found(target)).toBe(wanted)
  })

  test('an index is a file, and lies there too', async () => {
    expect(await found('/odd/')).toBe('missing')
    expect(await found('/leads-out/')).toBe('missing')
  })

  test.each(['/out', '/out/', '/out/index.html', '/shown', '/shown/', '/shown/b.txt'])(
    'a client cannot tell %s, which leads elsewhere or to what is hidden, from what is not there',
    async (target) => {
      expect(await found(target)).toBe('missing')
    },
  )

  test('hidden files are served if the origin allows it, also through a link', async () => {
    const origin = { ...served.origin, dotFiles: true }
    expect(await found('/shown/b.txt', { ...served, origin })).toBe('root/.hidden/b.txt')
    expect(await found('/out/index.html', { ...served, origin })).toBe('missing')
  })

  test('the vault is missing, also where the folder is the one that it lies in', async () => {
    const origin = { ...served.origin, folder: base }
    for (const target of ['/vault/vault.db', '/vault', '/vault/'])
      expect(await found(target, { ...served, origin })).toBe('missing')
    expect(await found('/root/a.txt', { ...served, origin })).toBe('root/a.txt')
  })

  test('an absent folder serves nothing, with that reason', async () => {
    expect(await found('/', { ...served, origin: { ...served.origin, folder: join(base, 'gone') } })).toBe(
      'ENOENT',
    )
  })

  test('a folder that cannot be told from the vault serves nothing, with that reason', async () => {
    const guard = new VaultGuard(join(base, 'gone'))
    expect(await found('/a.txt', { ...served, guard })).toBe('VAULT_FOLDER_ENOENT')
  })

  test('a missing file has a page only if the folder brings one', async () => {
    expect(await findMissingPage(served)).toBeNull()
    const origin = { ...served.origin, folder: join(base, 'outside') }
    writeFileSync(join(base, 'outside/404.html'), 'outside/404.html')
    const page = await findMissingPage({ ...served, origin })
    expect(page?.name).toBe('404.html')
    await page?.handle.close()
  })
})
