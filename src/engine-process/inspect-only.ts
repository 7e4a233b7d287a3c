import { spawn } from 'node:child_process'
import { environmentForChildren, privateProcess } from '../../bin/private-process.mjs'
import type { EdgekeepError } from '../contract/errors/registry.ts'
import type { Installation } from './installation.ts'
import { readFrames, writeFrame } from './pipe-port.ts'
import { pinnedNode } from './pinned-node.ts'
import { wipingFreedMemory } from './wiping-freed-memory.ts'

/** Connection of one page to an engine, or to a process that only inspects files. */
export interface PageTie {
  /** `sent` is called when the frame's bytes are no longer needed. */
  send(frame: string | Uint8Array, sent?: () => void): void
  onFrame(take: (frame: string | Uint8Array<ArrayBuffer>) => void): void
  onClose(closed: () => void): void
  isOpen(): boolean
  close(): void
}

/**
 * Starts a process on the pinned Node that inspects files and rejects every other call with `reason`. It ends
 * with the connection.
 *
 * @throws `install.incomplete`
 */
export function startInspectOnly(
  { nodeRoot, inspectOnlyEntry }: Installation,
  reason: EdgekeepError,
): PageTie {
  const why = JSON.stringify({ code: reason.code, data: reason.data })
  const child = spawn(...privateProcess(pinnedNode(nodeRoot), [inspectOnlyEntry, why]), {
    env: wipingFreedMemory(environmentForChildren()),
    stdio: ['pipe', 'pipe', 'inherit'],
    windowsHide: true,
  })
  let open = true
  const closed = new Set<() => void>()
  const end = () => {
    if (!open) return
    open = false
    child.stdin.destroy()
    for (const listener of closed) listener()
  }
  child.once('error', end).once('exit', end)
  child.stdin.on('error', end)
  return {
    send: (frame, sent) => writeFrame(child.stdin, frame, sent),
    onFrame: (take) => readFrames(child.stdout, take, end),
    onClose: (listener) => closed.add(listener),
    isOpen: () => open,
    close: end,
  }
}
