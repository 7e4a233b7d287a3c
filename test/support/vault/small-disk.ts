import { execFileSync } from 'node:child_process'
import { rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { temporaryHome } from './vault.ts'

/** In-memory disk of a fixed size, which can really be full. Linux, as root. */
export interface SmallDisk {
  folder: string
  /** Fills it up to `leftBytes`. */
  fill(leftBytes?: number): void
  empty(): void
  readOnly(): void
}

/** Mounts one; undefined if this system or user cannot. */
export function mountSmallDisk(sizeBytes: number): SmallDisk | undefined {
  const folder = temporaryHome()
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeBytes},mode=700`, 'tmpfs', folder], {
      stdio: 'ignore',
    })
  } catch {
    return undefined
  }
  onTestFinished(() => void execFileSync('umount', ['--lazy', folder]))
  const ballast = join(folder, 'ballast')
  return {
    folder,
    fill: (leftBytes = 0) => writeFileSync(ballast, Buffer.alloc(freeBytes(folder) - leftBytes)),
    empty: () => rmSync(ballast),
    readOnly: () => void execFileSync('mount', ['-o', 'remount,ro', folder]),
  }
}

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}
