import { createServer } from 'node:net'
import { readdirSync, readlinkSync } from 'node:fs'
import { describe, expect, onTestFinished, test } from 'vitest'
import { linuxOnly } from '../../../support/needs.ts'
import { processWithSocket } from '../../../../src/platform/listeners/socket-process.ts'

const ownSockets = () =>
  readdirSync('/proc/self/fd').flatMap((descriptor) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/self/fd/${descriptor}`))?.[1] ?? []
    } catch {
      return []
    }
  })

describe('the process of a socket', linuxOnly, () => {
  test('is found by the inode, with its open files', async () => {
    const before = new Set(ownSockets())
    const server = createServer()
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const [inode = ''] = ownSockets().filter((each) => !before.has(each))
    const found = await processWithSocket(new Set(['1', inode]))
    expect(found?.pid).toBe(String(process.pid))
    expect(found?.files).toContain(`socket:[${inode}]`)
  })

  test('is null for a socket that nobody has open', async () => {
    expect(await processWithSocket(new Set(['1']))).toBeNull()
  })
})
