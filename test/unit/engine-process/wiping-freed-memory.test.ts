import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { wipingFreedMemory } from '../../../src/engine-process/wiping-freed-memory.ts'
import { linuxOnly } from '../../support/needs.ts'

describe('the environment that makes the C library overwrite freed memory', () => {
  test('is added to what there is, for each system in its way', () => {
    const own = { PATH: '/bin', GLIBC_TUNABLES: 'glibc.malloc.arena_max=2' }
    expect(wipingFreedMemory(own, 'linux')).toEqual({
      PATH: '/bin',
      GLIBC_TUNABLES: 'glibc.malloc.arena_max=2:glibc.malloc.perturb=255:glibc.malloc.tcache_count=0',
    })
    expect(wipingFreedMemory({}, 'darwin')).toEqual({ MallocScribble: '1' })
    expect(wipingFreedMemory(own, 'win32')).toBe(own)
  })

  test('is understood here', linuxOnly, () => {
    const env = wipingFreedMemory({ PATH: process.env['PATH'] })
    const { status, stderr } = spawnSync(process.execPath, ['-e', ''], { env, encoding: 'utf8' })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  })
})
