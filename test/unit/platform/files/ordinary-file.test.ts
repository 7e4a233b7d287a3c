import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readOrdinaryFile, UnsuitableFile } from '../../../../src/platform/files/ordinary-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'edgekeep-ordinary-'))
const at = (name: string) => join(folder, name)
const server = createServer()
beforeAll(async () => {
  execFileSync('mkfifo', [at('pipe')])
  await new Promise<void>((resolve) => server.listen(at('socket'), resolve))
  symlinkSync('/dev/zero', at('endless'))
  symlinkSync('/dev/tty', at('terminal'))
  symlinkSync(at('pipe'), at('to-pipe'))
  symlinkSync('loop', at('loop'))
})
afterAll(() => {
  server.close()
  rmSync(folder, { recursive: true })
})

function failure(name: string, most = 1000): unknown {
  try {
    return readOrdinaryFile(name.startsWith('/') ? name : at(name), most).toString()
  } catch (error) {
    return error instanceof UnsuitableFile ? error.message : (error as NodeJS.ErrnoException).code
  }
}

describe('a file that another put there', () => {
  test.each(['pipe', 'to-pipe', 'socket', 'endless', 'terminal', '/dev/null', '/dev/random'])(
    'is not read if it is no ordinary one: %s',
    (name) => expect(failure(name)).toBe('it is no ordinary file'),
  )

  test('is reported by the system’s code if it is missing, a folder or a circle of links', () => {
    expect(['none', '.', 'loop'].map((name) => failure(name))).toEqual(['ENOENT', 'EISDIR', 'ELOOP'])
  })

  test('is read up to its limit', () => {
    for (const [size, wanted] of [
      [0, ''],
      [1000, 'a'.repeat(1000)],
      [1001, 'it is too large'],
    ] as const) {
      writeFileSync(at('sized'), 'a'.repeat(size))
      expect(failure('sized')).toBe(wanted)
    }
    truncateSync(at('sized'), 2 ** 40)
    expect(failure('sized')).toBe('it is too large')
  })

  test('is read whole if its size is not told, as in /proc, and no further than the limit', () => {
    const text = failure('/proc/self/smaps', 64 * 1024 * 1024)
    expect(text).toMatch(/VmFlags/)
    expect(String(text).length).toBeGreaterThan(4096)
    expect(failure('/proc/self/smaps', 5000)).toBe('it is too large')
  })

  test('is read to its end while it grows', () => {
    writeFileSync(at('log'), 'a'.repeat(10_000))
    appendFileSync(at('log'), 'b'.repeat(10_000))
    expect(failure('log', 20_000)).toBe('a'.repeat(10_000) + 'b'.repeat(10_000))
  })
})

test('a pipe that does not block, as Node makes standard input, is waited for', async () => {
  const module = new URL('../../../../src/platform/files/ordinary-file.ts', import.meta.url)
  const script = `import { writeSync } from 'node:fs'; import { readDescriptor } from '${module.href}'
    process.stdin; writeSync(1, 'reads '); writeSync(1, readDescriptor(0, 1000))`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script])
  let output = ''
  child.stdout.on('data', (piece: Buffer) => (output += piece.toString()))
  await once(child.stdout, 'data')
  child.stdin.write('late ')
  await new Promise((resolve) => setTimeout(resolve, 100))
  child.stdin.end('input')
  await once(child, 'close')
  expect(output).toBe('reads late input')
})
