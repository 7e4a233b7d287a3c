import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, realpathSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { inputLimitBytes, inputLimitFiles } from '../../../src/contract/shared/input-limit.ts'
import type { OpenedFiles } from '../../../src/contract/engine/desktop.ts'
import { namedFiles } from '../../../src/main/open-with.ts'
import { readOpened } from '../../../src/main/read-opened.ts'
import { runDesktopDouble, runToWindow } from '../../support/desktop/desktop.ts'
import type { ContentsDouble } from '../../support/desktop/electron-double.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { posixOnly } from '../../support/needs.ts'

const posix = process.platform !== 'win32'

function folderWith(contents: Record<string, string>): string {
  const folder = realpathSync(temporaryFolder())
  for (const [name, content] of Object.entries(contents)) writeFileSync(join(folder, name), content)
  return folder
}

/** The page's request for waiting files: at its start, and after each notice. */
async function request(
  ipcMain: { emit(channel: string, event: unknown): boolean },
  page: ContentsDouble,
): Promise<OpenedFiles> {
  const opened = new Promise<OpenedFiles>((resolve) => page.received.once('edgekeep:files', resolve))
  ipcMain.emit('edgekeep:request-files', { sender: page, senderFrame: page.mainFrame })
  return opened
}

const namesOf = ({ files }: OpenedFiles) => files.map(({ name }) => name)
const textOf = ({ files }: OpenedFiles) => files.map(({ bytes }) => Buffer.from(bytes).toString()).join('|')

describe('files that the desktop app is started with', () => {
  test('go to the window when its page asks, once', async () => {
    const folder = folderWith({ 'shop.pem': 'a chain', 'shop.key': 'a key' })
    const { ipcMain, contents } = await runToWindow({
      workingDirectory: folder,
      argv: ['electron', 'the-app', join(folder, 'shop.pem'), 'shop.key'],
    })
    const opened = await request(ipcMain, contents)
    expect(namesOf(opened)).toEqual(['shop.pem', 'shop.key'])
    expect(textOf(opened)).toBe('a chain|a key')
    expect(opened.refused).toEqual([])
    let again = 0
    contents.received.on('edgekeep:files', () => (again += 1))
    ipcMain.emit('edgekeep:request-files', { sender: contents, senderFrame: contents.mainFrame })
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(again).toBe(0)
  })

  test('go to the window of a packaged app too, which has no folder of its own among its arguments', async () => {
    const folder = folderWith({ 'shop.pem': 'a chain' })
    const { ipcMain, contents } = await runToWindow({
      packaged: true,
      workingDirectory: folder,
      argv: ['edgekeep', 'shop.pem'],
    })
    expect(namesOf(await request(ipcMain, contents))).toEqual(['shop.pem'])
  })

  test('go neither to a frame inside the window nor to another page', async () => {
    const folder = folderWith({ 'shop.key': 'a key' })
    const { ipcMain, contents } = await runToWindow({ argv: ['electron', 'app', join(folder, 'shop.key')] })
    const ask = (senderFrame: unknown) =>
      ipcMain.emit('edgekeep:request-files', { sender: contents, senderFrame })
    let given = 0
    contents.received.on('edgekeep:files', () => (given += 1))
    ask(null)
    ask({ url: 'edgekeep://app/' })
    contents.mainFrame.url = 'https://evil.test/'
    ask(contents.mainFrame)
    contents.mainFrame.url = 'edgekeep://app/'
    expect(textOf(await request(ipcMain, contents))).toBe('a key')
    expect(given).toBe(1)
  })
})

describe('files that are opened while the app runs', () => {
  test('come from a second start, by its own working directory, and its window is shown', async () => {
    const folder = folderWith({ 'shop.pem': 'a chain' })
    const { app, ipcMain, contents, window, home } = await runToWindow()
    const told = new Promise((resolve) => contents.received.once('edgekeep:files-waiting', resolve))
    // Order of arguments from Chromium: switches first, without their values, and some of its own.
    const argv = ['electron', '--home', '--original-process-start-time=1', 'the-app', home, 'shop.pem']
    app.emit('second-instance', {}, argv, folder)
    await told
    expect(window).toMatchObject({ shown: 1, focused: 1 })
    expect(namesOf(await request(ipcMain, contents))).toEqual(['shop.pem'])
  })

  test('come from macOS by its event, before the app is ready too', async () => {
    const folder = folderWith({ 'early.pem': 'early', 'late.pem': 'late' })
    const running = runDesktopDouble()
    expect(running.windows).toHaveLength(0)
    expect(running.app.openFile(join(folder, 'early.pem'))).toBe(true)
    await expect.poll(() => running.windows.length, { timeout: 20_000 }).toBe(1)
    const page = running.windows[0]!.webContents
    expect(textOf(await request(running.ipcMain, page))).toBe('early')
    const told = new Promise((resolve) => page.received.once('edgekeep:files-waiting', resolve))
    running.app.openFile(join(folder, 'late.pem'))
    await told
    expect(running.windows[0]!.shown).toBe(1)
    expect(textOf(await request(running.ipcMain, page))).toBe('late')
  })

  test('open a window where none is left', async () => {
    const folder = folderWith({ 'shop.pem': 'a chain' })
    const { app, window, windows, ipcMain } = await runToWindow()
    const { quit } = app
    // The app survives its last window, as on macOS or with HTTPS kept running.
    app.quit = () => undefined
    window.emit('closed')
    app.quit = quit
    app.openFile(join(folder, 'shop.pem'))
    expect(windows).toHaveLength(2)
    expect(textOf(await request(ipcMain, windows[1]!.webContents))).toBe('a chain')
  })
})

describe('a command line', () => {
  function naming() {
    const folder = folderWith({ 'shop.pem': 'a chain' })
    mkdirSync(join(folder, 'home'))
    symlinkSync(join(folder, 'home'), join(folder, 'link-to-home'))
    const named = (argv: string[], packaged = false) =>
      namedFiles(argv, { workingDirectory: folder, packaged, homeFolder: join(folder, 'home') })
    return { folder, named }
  }

  test('names what is there, and its folder', () => {
    const { folder, named } = naming()
    expect(named(['electron', '.', 'shop.pem'])).toEqual([join(folder, 'shop.pem')])
    expect(named(['edgekeep', '.'], true)).toEqual([folder])
  })

  test('names no switch, nothing that is not there, not the app, and not the home', () => {
    const { folder, named } = naming()
    expect(named(['electron', '.', '--shop.pem', '-x', '', 'gone.pem', 'https://shop.test/'])).toEqual([])
    expect(named(['electron', '.', '--home', 'home', 'link-to-home', join(folder, 'home')])).toEqual([])
    expect(named(['electron', 'shop.pem'])).toEqual([])
    expect(named(['shop.pem'])).toEqual([])
  })
})

describe('reading what was opened', () => {
  test('takes the files of a folder and of the folders in it, and follows no link there', async () => {
    const folder = folderWith({ 'a.pem': 'a' })
    mkdirSync(join(folder, 'inner'))
    writeFileSync(join(folder, 'inner', 'b.pem'), 'b')
    symlinkSync(join(folder, 'inner', 'b.pem'), join(folder, 'linked.pem'))
    symlinkSync(folder, join(folder, 'inner', 'round'))
    expect(namesOf(await readOpened([folder])).toSorted()).toEqual(['a.pem', 'b.pem'])
  })

  test('does not wait for a pipe, nor read a device', posixOnly, async () => {
    const folder = folderWith({ 'a.pem': 'a' })
    execFileSync('mkfifo', [join(folder, 'pipe')])
    expect(namesOf(await readOpened([join(folder, 'pipe'), '/dev/zero', folder]))).toEqual(['a.pem'])
  })

  test('takes as many files as a drop, and no more', async () => {
    const folder = folderWith({})
    for (let at = 0; at <= inputLimitFiles; at += 1) writeFileSync(join(folder, `${at}.pem`), '')
    expect((await readOpened([folder])).files).toHaveLength(inputLimitFiles)
  })

  test('takes as many bytes as the engine, all files together, and says what was left out without its path', async () => {
    const folder = folderWith({ 'a.pem': 'a', 'film.mkv': '', 'z.pem': 'z' })
    truncateSync(join(folder, 'film.mkv'), inputLimitBytes)
    const opened = await readOpened(['a.pem', 'film.mkv', 'z.pem'].map((name) => join(folder, name)))
    expect(namesOf(opened)).toEqual(['a.pem', 'z.pem'])
    expect(opened.refused).toEqual([
      'film.mkv is 16.8 MB, more than the limit of 16.8 MB. Add the certificate or key file itself.',
    ])
    expect(opened.refused[0]).not.toContain(folder)
  })

  test('says what is gone meanwhile', async () => {
    const { files, refused } = await readOpened([join(temporaryFolder(), 'gone.pem')])
    expect(files).toEqual([])
    expect(refused).toEqual(['gone.pem could not be read: there is no such file.'])
  })

  test('says what this user may not read', async ({ skip }) => {
    skip(!posix, 'Windows has no modes of files')
    skip(process.getuid?.() === 0, 'root may read every file')
    const folder = folderWith({ 'root.key': 'a key' })
    chmodSync(join(folder, 'root.key'), 0)
    expect((await readOpened([join(folder, 'root.key')])).refused).toEqual([
      'root.key could not be read: this user may not read it.',
    ])
  })
})
