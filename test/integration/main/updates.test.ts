import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { UpdateState } from '../../../src/contract/engine/updates.ts'
import { findInstaller } from '../../../src/main/updates/installer.ts'
import { isNewer, updateChannelSchema, type UpdateChannel } from '../../../src/main/updates/manifest.ts'
import { createUpdates } from '../../../src/main/updates/updates.ts'
import { newUpdateKey } from '../../../scripts/release/update-key.ts'
import { electronDouble } from '../../support/desktop/electron-double.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { startUpdateFeed, type UpdateFeed } from '../../support/desktop/update-feed.ts'

let feed: UpdateFeed
/** Offset of the app's clock. */
let aheadMs = 0
beforeEach(async () => {
  aheadMs = 0
  feed = await startUpdateFeed()
})
afterEach(() => feed.close())

function appImage(o: { channel?: UpdateChannel | null } = {}) {
  const folder = temporaryFolder()
  const file = join(folder, 'apps', 'My Edgekeep.AppImage')
  mkdirSync(join(folder, 'apps'))
  writeFileSync(file, 'edgekeep 0.1.0')
  chmodSync(file, 0o755)
  const { electron, app } = electronDouble()
  const told: UpdateState['phase'][] = []
  const progress: unknown[] = []
  const downloads = join(folder, 'updates')
  const errors: object[] = []
  let quits = 0
  const options = {
    channel: o.channel === undefined ? feed.channel : o.channel,
    current: '0.1.0',
    installer: findInstaller(electron, { APPIMAGE: file }),
    folder: downloads,
    fetch,
    clock: () => new Date(Date.now() + aheadMs),
    log: { error: (facts: object) => errors.push(facts), warn: () => undefined },
    publish: ({ phase }: UpdateState) => told.push(phase),
    showProgress: (given: unknown) => progress.push(given),
    quit: () => (quits += 1),
  }
  const updates = createUpdates(options)
  const phase = () => updates.state().phase
  return {
    updates,
    file,
    app,
    told,
    progress,
    downloads,
    errors,
    phase,
    quits: () => quits,
    startAgain: () => createUpdates(options),
  }
}

describe('an update', () => {
  test('is looked for when asked, and at no other time', async () => {
    feed.publish('0.2.0')
    const { updates, phase } = appImage()
    expect(updates.state()).toEqual({ current: '0.1.0', canCheck: true, phase: { name: 'idle' } })
    expect(feed.asked).toEqual([])
    await updates.check()
    expect(feed.asked).toEqual(['updates.json', 'updates.json.minisig'])
    expect(phase()).toMatchObject({
      name: 'available',
      release: { version: '0.2.0', notes: 'What is new in 0.2.0: domains answer sooner.', sizeBytes: 14 },
    })
  })

  test('is downloaded with its progress, verified, and installed when the app quits', async () => {
    const content = Buffer.alloc(400_000, 7)
    feed.publish('0.2.0', { content })
    const { updates, file, phase, told, progress, downloads } = appImage()
    await updates.check()
    feed.slowly(60)
    await updates.download()
    expect(phase()).toMatchObject({ name: 'ready', release: { version: '0.2.0' } })
    expect(told.filter(({ name }) => name === 'downloading').length).toBeGreaterThan(1)
    expect(progress.at(-1)).toBeNull()
    expect(statSync(downloads).mode & 0o777).toBe(0o700)
    expect(readFileSync(file, 'utf8')).toBe('edgekeep 0.1.0')
    updates.atQuit()
    expect(readFileSync(file)).toEqual(content)
    expect(statSync(file).mode & 0o777).toBe(0o755)
    expect(readdirSync(join(file, '..'))).toEqual(['My Edgekeep.AppImage'])
  })

  test('is installed and started again at once when the person wants that', async () => {
    feed.publish('0.2.0')
    const { updates, app, file, quits } = appImage()
    await updates.check()
    updates.restart()
    expect(quits()).toBe(0)
    await updates.download()
    updates.restart()
    expect(quits()).toBe(1)
    updates.atQuit()
    expect(app.relaunched).toBe(1)
    expect(readFileSync(file, 'utf8')).toBe('edgekeep 0.2.0')
  })

  test('leaves no installed package on the disk once the new version starts', async () => {
    feed.publish('0.2.0')
    const { updates, downloads, startAgain } = appImage()
    await updates.check()
    await updates.download()
    updates.atQuit()
    startAgain()
    expect(existsSync(downloads)).toBe(false)
  })

  test('is not offered if it is older or the same, though it is signed', async () => {
    const { updates, phase } = appImage()
    for (const version of ['0.0.9', '0.1.0']) {
      feed.publish(version)
      await updates.check()
      expect(phase()).toMatchObject({ name: 'latest' })
      await updates.download()
    }
    expect(feed.asked).not.toContain('Edgekeep-x64.AppImage')
  })

  test('list that has expired is never taken as "up to date"', async () => {
    feed.publish('0.1.0')
    const { updates, phase } = appImage()
    await updates.check()
    expect(phase()).toMatchObject({ name: 'latest' })
    aheadMs = 25 * 3_600_000
    await updates.check()
    expect(phase()).toMatchObject({
      name: 'failed',
      code: 'update.list_expired',
      message: expect.stringMatching(/^The update list is out of date: .* Updates may be held back\./),
    })
  })

  test('list that has expired still offers a newer release, and says that there may be a later one', async () => {
    const expiresAt = new Date(Date.now() - 1000)
    feed.publish('0.2.0', { expiresAt })
    const { updates, phase } = appImage()
    await updates.check()
    const release = { version: '0.2.0', listExpiredAt: expiresAt.toISOString() }
    expect(phase()).toMatchObject({ name: 'available', release })
    await updates.download()
    expect(phase()).toMatchObject({ name: 'ready', release })
  })

  test.each([
    [
      'without an end',
      (given: UpdateFeed) => given.sign({ ...given.publish('0.2.0'), expiresAt: undefined }),
    ],
    [
      'with an end that is no time',
      (given: UpdateFeed) => given.sign({ ...given.publish('0.2.0'), expiresAt: 'never' }),
    ],
    [
      'whose end was moved',
      (given: UpdateFeed) => changeText(given, 'updates.json', '"expiresAt":"20', '"expiresAt":"21'),
    ],
  ])('list %s is refused', async (_how, attack) => {
    feed.publish('0.2.0')
    attack(feed)
    const { updates, phase } = appImage()
    await updates.check()
    expect(phase()).toMatchObject({ name: 'failed', code: 'update.untrusted' })
  })

  test('is refused if its package was tampered with, and nothing of it stays', async () => {
    feed.publish('0.2.0')
    const { updates, phase, file, downloads } = appImage()
    await updates.check()
    for (const bad of ['edgekeep 0.2.X', 'edgekeep 0.2.0 and more', 'short']) {
      feed.files.set('Edgekeep-x64.AppImage', Buffer.from(bad))
      await updates.download()
      expect(phase()).toMatchObject({ name: 'failed', code: 'update.untrusted' })
      expect(existsSync(downloads)).toBe(false)
    }
    updates.atQuit()
    expect(readFileSync(file, 'utf8')).toBe('edgekeep 0.1.0')
  })

  test.each([
    ['changed', (given: UpdateFeed) => changeText(given, 'updates.json', '0.2.0', '0.3.0')],
    [
      'signed with another key',
      (given: UpdateFeed) => given.publish('0.2.0', { secret: newUpdateKey().privateKey }),
    ],
    [
      'with a changed comment',
      (given: UpdateFeed) => changeText(given, 'updates.json.minisig', 'timestamp:1', 'timestamp:2'),
    ],
    [
      'signed in another form',
      (given: UpdateFeed) => given.files.set('updates.json.minisig', Buffer.from('x\ny\nz\n')),
    ],
    ['endless', (given: UpdateFeed) => given.files.set('updates.json', Buffer.alloc(300_000))],
  ])('whose list is %s is refused before anything of it is read', async (_how, attack) => {
    feed.publish('0.2.0')
    attack(feed)
    const { updates, phase, errors } = appImage()
    await updates.check()
    expect(phase()).toMatchObject({ name: 'failed', code: 'update.untrusted' })
    expect(errors).toHaveLength(1)
    await updates.download()
    expect(feed.asked).not.toContain('Edgekeep-x64.AppImage')
  })

  test('is not installed if it was changed after it was verified', async () => {
    feed.publish('0.2.0')
    const { updates, file, downloads, errors } = appImage()
    await updates.check()
    await updates.download()
    writeFileSync(join(downloads, 'Edgekeep-x64.AppImage'), 'something else')
    updates.atQuit()
    expect(readFileSync(file, 'utf8')).toBe('edgekeep 0.1.0')
    expect(errors).toMatchObject([{ err: { code: 'update.not_installed' } }])
  })

  test('can be cancelled while it is downloaded, and taken up again', async () => {
    feed.publish('0.2.0', { content: Buffer.alloc(2_000_000, 1) })
    feed.slowly(200)
    const { updates, phase, told, downloads } = appImage()
    await updates.check()
    const download = updates.download()
    await expect.poll(() => told.at(-1)?.name).toBe('downloading')
    updates.cancel()
    await download
    expect(phase()).toMatchObject({ name: 'available' })
    expect(existsSync(downloads)).toBe(false)
    feed.slowly(0)
    await updates.download()
    expect(phase()).toMatchObject({ name: 'ready' })
  })

  test('is announced, not downloaded, if its kind does not fit this installation', async () => {
    feed.publish('0.2.0', { kind: 'deb' })
    const { updates, phase } = appImage()
    await updates.check()
    expect(phase()).toMatchObject({ name: 'available', release: { sizeBytes: null } })
    await updates.download()
    expect(feed.asked).not.toContain('Edgekeep-x64.AppImage')
  })
})

test('an absent or empty server is reported, and can be asked again', async () => {
  const { updates, phase } = appImage()
  await updates.check()
  expect(phase()).toMatchObject({ name: 'failed', code: 'update.unreachable' })
  feed.publish('0.2.0')
  await updates.check()
  expect(phase()).toMatchObject({ name: 'available' })
})

test('a copy without an address asks nobody', async () => {
  const { updates } = appImage({ channel: null })
  await updates.check()
  expect(updates.state()).toEqual({ current: '0.1.0', canCheck: false, phase: { name: 'idle' } })
  expect(feed.asked).toEqual([])
})

test('versions are compared number by number', () => {
  expect(isNewer('0.10.0', '0.9.9')).toBe(true)
  expect(isNewer('1.0.0', '0.99.99')).toBe(true)
  expect(isNewer('0.1.0', '0.1.0')).toBe(false)
  expect(isNewer('0.1.9', '0.2.0')).toBe(false)
})

test('updates are looked for over HTTPS alone, or on the loopback', () => {
  const takes = (address: string) => updateChannelSchema.safeParse({ feed: address, publicKey: 'x' }).success
  expect(takes('https://example.com/latest')).toBe(true)
  expect(takes('http://127.0.0.1:8000/latest')).toBe(true)
  for (const address of [
    'http://example.com/',
    'file:///etc',
    'http://127.0.0.1.evil.test/',
    'http://127.0.0.1@evil.test/',
  ])
    expect(takes(address)).toBe(false)
})

function changeText({ files }: UpdateFeed, name: string, from: string, to: string): void {
  files.set(name, Buffer.from(files.get(name)!.toString('utf8').replace(from, to)))
}
