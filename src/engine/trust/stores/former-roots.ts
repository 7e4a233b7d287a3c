import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from '../../../platform/files/replace-file.ts'
import { certificatesIn } from './roots.ts'
import { readIfThere } from './store.ts'
import type { HostEnvironment } from '../../../platform/commands/host-environment.ts'

/** A restored vault does not have the roots of its predecessor, which stores may still trust. */
export function formerRootsIn(hostEnvironment: Pick<HostEnvironment, 'folder'>) {
  return rootsInFile(hostEnvironment, 'former-roots.pem')
}

/** Roots of other authorities that were added to stores of this computer. */
export function foreignRootsIn(hostEnvironment: Pick<HostEnvironment, 'folder'>) {
  return rootsInFile(hostEnvironment, 'foreign-roots.pem')
}

function rootsInFile({ folder }: Pick<HostEnvironment, 'folder'>, name: string) {
  const path = join(folder, name)
  const all = () => certificatesIn(readIfThere(path))
  return {
    all,
    /** Adds missing ones. */
    note(pems: readonly string[]) {
      const before = all()
      const together = new Set([...before, ...pems.flatMap(certificatesIn)])
      if (together.size === before.length) return
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      replaceFile(path, Buffer.from([...together].join('')), 0o600)
    },
  }
}
