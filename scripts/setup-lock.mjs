import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const lookAgainMs = 200

/**
 * Runs `act` while no other setup of this checkout runs: two builds into one folder would corrupt it. A stale
 * lock is taken over.
 * @param {string} root
 * @param {(what: string) => void} say
 * @param {() => void} act
 */
export function holdingLock(root, say, act) {
  const lock = join(root, 'out', 'setup.lock')
  mkdirSync(join(root, 'out'), { recursive: true })
  let waits = false
  while (!take(lock)) {
    if (!waits) say('waiting for another setup of this checkout …')
    waits = true
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, lookAgainMs)
  }
  try {
    act()
  } finally {
    rmSync(lock, { force: true })
  }
}

/** @param {string} lock */
function take(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    if (!isOwnerAlive(lock)) rmSync(lock, { force: true })
    return false
  }
}

/** @param {string} lock */
function isOwnerAlive(lock) {
  try {
    const pid = Number(readFileSync(lock, 'utf8'))
    // The pid is written after the file is created: an empty lock is valid.
    if (pid > 0) process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
