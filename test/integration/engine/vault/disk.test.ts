import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Vault } from '../../../../src/engine/vault/vault.ts'
import { mountSmallDisk, type SmallDisk } from '../../../support/vault/small-disk.ts'
import { addCertificate, failureOf, openTestVault } from '../../../support/vault/vault.ts'

const keyPem = () => Buffer.alloc(1700, 'k')

function importUntilRefused(vault: Vault): { acknowledged: string[]; failure: unknown } {
  const acknowledged: string[] = []
  for (let count = 0; count < 1000; count += 1) {
    try {
      acknowledged.push(addCertificate(vault, keyPem()).id)
    } catch (failure) {
      return { acknowledged, failure }
    }
  }
  throw new Error('The disk never became full.')
}

function idsOf(vault: Vault): string[] {
  return vault.certificates.list().map((row) => row.id)
}

/** Mounts a disk for the test, or skips the test where this system has none. */
function diskFor(skip: (note: string) => never, sizeBytes: number): SmallDisk {
  return mountSmallDisk(sizeBytes) ?? skip('A disk of its own can be mounted on Linux as root only.')
}

describe('a full disk', () => {
  test('refuses the change with a sentence, keeps all before it and works again with room', async ({
    skip,
  }) => {
    const disk = diskFor(skip, 1 << 20)
    const home = join(disk.folder, 'home')
    disk.fill(750_000)
    const vault = await openTestVault(home)
    const { acknowledged, failure } = importUntilRefused(vault)
    expect(failure).toMatchObject({ code: 'home.unusable', data: { reason: 'the disk is full' } })
    expect(idsOf(vault)).toEqual(acknowledged)
    expect(vault.configurationVersion()).toBe(acknowledged.length)
    vault.close()
    const again = await openTestVault(home)
    expect(idsOf(again)).toEqual(acknowledged)
    disk.empty()
    again.change(() => again.certificates.remove(acknowledged[0]!))
    expect(idsOf(again)).toEqual(acknowledged.slice(1))
  })

  test('stops a vault from opening with a sentence, and hurts nothing', async ({ skip }) => {
    const disk = diskFor(skip, 1 << 20)
    const home = join(disk.folder, 'home')
    const first = await openTestVault(home)
    const { id } = addCertificate(first, keyPem())
    first.close()
    disk.fill()
    const failure = await failureOf(() => openTestVault(home))
    expect(failure).toMatchObject({ code: 'home.unusable', data: { reason: 'the disk is full' } })
    expect(await failureOf(() => openTestVault(join(disk.folder, 'other')))).toMatchObject({
      code: 'home.unusable',
      data: { reason: 'the disk is full' },
    })
    disk.empty()
    expect(idsOf(await openTestVault(home))).toEqual([id])
  })
})

describe('a disk that can only be read', () => {
  test('refuses the opening with a sentence', async ({ skip }) => {
    const disk = diskFor(skip, 4 << 20)
    const home = join(disk.folder, 'home')
    const first = await openTestVault(home)
    first.close()
    disk.readOnly()
    const failure = await failureOf(() => openTestVault(home))
    const reason = 'its database cannot be written'
    expect(failure).toMatchObject({ code: 'home.unusable', data: { reason } })
  })
})
