import { expect, test } from 'vitest'
import { findDefaultOpener } from '../../../src/engine-process/default-opener.ts'

test('knows the opener of each system', () => {
  expect(findDefaultOpener('darwin')).toEqual({ program: 'open', args: [] })
  expect(findDefaultOpener('win32')).toMatchObject({ program: 'rundll32.exe' })
  expect(findDefaultOpener('linux', () => 'firefox-esr.desktop\n')).toEqual({ program: 'xdg-open', args: [] })
  expect(findDefaultOpener('linux', () => '')).toEqual({ program: 'xdg-open', args: [] })
})

test('leaves a snap alone, which cannot read the page it would be given', () => {
  expect(findDefaultOpener('linux', () => 'firefox_firefox.desktop\n')).toBeNull()
})
