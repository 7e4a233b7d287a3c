import { createPrivateKey, randomBytes } from 'node:crypto'
import { getHeapSnapshot } from 'node:v8'
import { describe, expect, test } from 'vitest'
import type { Core } from '../../../../src/engine/core/core.ts'
import { createFileSessions } from '../../../../src/engine/inspect/file-sessions.ts'
import { createInspections } from '../../../../src/engine/inspect/inspect.ts'
import { createTestAuthority, issueTestLeaf } from '../../../support/pki/certificates.ts'

/** Names of those byte strings that live objects of this thread hold. */
async function heldOnHeap(needles: ReadonlyMap<string, Buffer>): Promise<Set<string>> {
  const found = new Set<string>()
  let tail = Buffer.alloc(0)
  for await (const chunk of getHeapSnapshot()) {
    const bytes = Buffer.concat([tail, chunk as Buffer])
    for (const [name, needle] of needles) if (bytes.includes(needle)) found.add(name)
    tail = bytes.subarray(-64)
  }
  return found
}

const newPassphrase = () => randomBytes(16).toString('hex')

describe('an inspection session', () => {
  test('keeps what a passphrase opened, and no passphrase', { timeout: 300_000 }, async () => {
    const inspections = createInspections({} as Core, createFileSessions())
    const { keyPem, chainPem } = issueTestLeaf(createTestAuthority(), { names: ['shop.test'] })

    /** The passphrase as bytes: they are not on the heap of strings. */
    async function unlocked(): Promise<{ sessionId: string; typed: Buffer }> {
      const passphrase = newPassphrase()
      const encrypted = createPrivateKey(keyPem).export({
        ...{ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase },
      })
      const files = [
        { name: 'shop.crt', bytes: Buffer.from(chainPem) },
        { name: 'shop.key', bytes: Buffer.from(encrypted) },
      ]
      const { sessionId } = await inspections.open(Symbol('window'), files, {})
      const { report } = await inspections.unlock(sessionId, passphrase, {})
      expect(report.pieces.map(({ locked }) => locked)).not.toContain(true)
      return { sessionId, typed: Buffer.from(passphrase) }
    }

    const { sessionId, typed } = await unlocked()
    const held = newPassphrase()
    const needles = new Map([
      ['passphrase', typed],
      ['string that is held', Buffer.from(held)],
    ])
    expect(await heldOnHeap(needles)).toEqual(new Set(['string that is held']))
    expect(held).toHaveLength(32)
    inspections.close(sessionId)
  })
})
