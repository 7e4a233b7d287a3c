import { expect, test } from 'vitest'
import { findDefaultOpener } from '../../../src/launch/default-opener.ts'

test('knows the opener of each system', () => {
  expect(findDefaultOpener('darwin')).toEqual(['open'])
  expect(findDefaultOpener('win32')).toEqual(['rundll32.exe', 'url.dll,FileProtocolHandler'])
  expect(findDefaultOpener('linux', () => 'firefox-esr.desktop\n')).toEqual(['xdg-open'])
  expect(findDefaultOpener('linux', () => '')).toEqual(['xdg-open'])
})

test('leaves a snap alone, which cannot read the page it would be given', () => {
  expect(findDefaultOpener('linux', () => 'firefox_firefox.desktop\n')).toBeNull()
})
