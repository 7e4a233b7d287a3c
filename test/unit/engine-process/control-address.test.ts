import { expect, test } from 'vitest'
import { controlAddress } from '../../../src/contract/engine/control-address.ts'

test('is a socket in the home', () => {
  expect(controlAddress('/home/ann/.local/share/edgekeep', 'linux')).toBe(
    '/home/ann/.local/share/edgekeep/control.sock',
  )
})

test('a path too long for a socket address has no control address', () => {
  const fits = `/${'x'.repeat(103 - '/control.sock'.length - 1)}`
  expect(controlAddress(fits, 'darwin')).toHaveLength(103)
  expect(controlAddress(`${fits}x`, 'darwin')).toBeNull()
})

test('is a pipe on Windows, one for a home however its letters are cased', () => {
  const pipe = controlAddress('C:\\Users\\Ann\\Edgekeep', 'win32')
  expect(pipe).toMatch(/^\\\\\.\\pipe\\edgekeep-[0-9a-f]{32}$/)
  expect(controlAddress('c:\\users\\ann\\edgekeep', 'win32')).toBe(pipe)
  expect(controlAddress('C:\\Users\\Bob\\Edgekeep', 'win32')).not.toBe(pipe)
})
