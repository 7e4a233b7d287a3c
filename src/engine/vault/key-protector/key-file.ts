import { randomBytes } from 'node:crypto'
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SecretBytes } from '../../../domain/secret-bytes.ts'
import { refuseOthers, syncFolder, writeDurably } from '../private-files.ts'
import { ProtectorFailure, wrappingKeyBytes, type KeyProtector } from './key-protector.ts'

/**
 * Weak protector: the wrapping key is in a file beside the vault. It protects against a stolen database or a
 * copy of it, not against a thief of the whole folder.
 */
export function keyFileProtector(folder: string): KeyProtector {
  return {
    kind: 'key-file',
    weak: true,
    reason:
      'The vault’s key is in a file beside it: anyone who copies the whole folder can open the private keys.',
    whyNot: async () => null,
    establish: async (keyName) => writeKeyFile(folder, keyName),
    recover: async (keyName) => readKeyFile(pathOf(folder, keyName)),
    forget: async (keyName) => removeKeyFile(pathOf(folder, keyName)),
  }
}

/** The name includes the vault's identity, so that a vault never overwrites another one's key. */
function pathOf(folder: string, keyName: string): string {
  return join(folder, `vault-${keyName}.key`)
}

function writeKeyFile(folder: string, keyName: string): SecretBytes {
  const path = pathOf(folder, keyName)
  using key = new SecretBytes(randomBytes(wrappingKeyBytes))
  try {
    rmSync(partial(path), { force: true })
    writeDurably(partial(path), key.bytes, 'wx')
    renameSync(partial(path), path)
    syncFolder(folder)
  } catch (error) {
    // Nothing is sealed under it yet.
    for (const name of [path, partial(path)]) rmSync(name, { force: true })
    throw error
  }
  using readBack = readKeyFile(path)
  if (!readBack.bytes.equals(key.bytes))
    throw new ProtectorFailure('its key file does not read back as it was written')
  return key.move()
}

function readKeyFile(path: string): SecretBytes {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found) throw new ProtectorFailure('its key file is missing')
  refuseOthers(found, 'its key file', '600')
  if (found.size !== wrappingKeyBytes) throw new ProtectorFailure('its key file is damaged')
  return new SecretBytes(readFileSync(path))
}

/** Includes a file that a crash left incomplete. */
function removeKeyFile(path: string): void {
  for (const name of [path, partial(path)]) {
    const found = statSync(name, { throwIfNoEntry: false })
    if (!found) continue
    // Overwrites first. On disks that write to another place (SSDs) this does little.
    writeFileSync(name, Buffer.alloc(found.size), { flag: 'r+', flush: true })
    rmSync(name)
  }
}

function partial(path: string): string {
  return `${path}.new`
}
