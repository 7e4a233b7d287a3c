import { expect, test } from 'vitest'
import { chromiumRefusesUser, hasDisplay } from '../../../src/engine-process/display.ts'

test('sees a display of X11 or Wayland, and none without either', () => {
  expect(hasDisplay({ platform: 'linux', environment: { DISPLAY: ':0' } })).toBe(true)
  expect(hasDisplay({ platform: 'linux', environment: { WAYLAND_DISPLAY: 'wayland-0' } })).toBe(true)
  expect(hasDisplay({ platform: 'linux', environment: {} })).toBe(false)
})

test('takes a Mac for one with a display unless it is reached over SSH', () => {
  expect(hasDisplay({ platform: 'darwin', environment: {} })).toBe(true)
  expect(hasDisplay({ platform: 'darwin', environment: { SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22' } })).toBe(
    false,
  )
  expect(hasDisplay({ platform: 'win32', environment: {} })).toBe(true)
})

test('knows that Chromium does not run as root on Linux', () => {
  expect(chromiumRefusesUser('linux', 0)).toBe(true)
  expect(chromiumRefusesUser('linux', 1000)).toBe(false)
  expect(chromiumRefusesUser('darwin', 0)).toBe(false)
  expect(chromiumRefusesUser('win32', undefined)).toBe(false)
})
