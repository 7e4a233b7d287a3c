import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findAppBrowser } from '../../../src/engine-process/app-browser.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { posixOnly } from '../../support/needs.ts'

const among = (paths: string[]) => (path: string) => paths.includes(path)

test('finds the first of the family on the PATH, Chrome before Chromium', posixOnly, () => {
  const environment = { PATH: '/usr/bin:/opt/bin' }
  const exists = among(['/usr/bin/chromium', '/opt/bin/google-chrome'])
  expect(findAppBrowser({ platform: 'linux', environment, exists })).toBe('/opt/bin/google-chrome')
})

test('finds an app of macOS, in the person’s own folder too', () => {
  const edge = '/Users/ann/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge'
  const environment = { HOME: '/Users/ann' }
  expect(findAppBrowser({ platform: 'darwin', environment, exists: among([edge]) })).toBe(edge)
})

test('finds Edge on a fresh Windows', () => {
  const edge = 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe'
  const environment = { 'ProgramFiles(x86)': 'C:\\Program Files (x86)' }
  expect(findAppBrowser({ platform: 'win32', environment, exists: among([edge]) })).toBe(edge)
})

test('finds none where none is', () => {
  expect(findAppBrowser({ platform: 'linux', environment: {}, exists: () => true })).toBeNull()
  expect(findAppBrowser({ platform: 'darwin', environment: {}, exists: () => false })).toBeNull()
})

test('passes over a snap, which cannot read the page it would be given', posixOnly, () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'bin'))
  writeFileSync(join(folder, 'snap'), '')
  symlinkSync(join(folder, 'snap'), join(folder, 'bin', 'chromium'))
  const environment = { PATH: `/snap/bin:${join(folder, 'bin')}` }
  expect(findAppBrowser({ platform: 'linux', environment })).toBeNull()
})
