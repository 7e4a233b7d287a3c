import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ImportProgram } from '../../../src/contract/imports/imports.ts'
import { importKinds } from '../../../src/import/kinds.ts'
import { readSetup } from '../../../src/import/read-setup.ts'
import { temporaryFolder } from '../temporary-folder.ts'

/** Folder with these files, in whose texts FOLDER stands for its path. */
export function setupFolder(files: Record<string, string>): string {
  const folder = temporaryFolder()
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text.replaceAll('FOLDER', folder))
  }
  return folder
}

/** Reads a setup for comparison: its notes as texts, and paths below `folder`. */
export async function readBelow(kind: ImportProgram, folder: string, name = '.') {
  using setup = await readSetup(importKinds[kind], join(folder, name))
  const short = (path: string) => path.slice(folder.length + 1)
  const placeOf = ({ file, line }: { file: string; line?: number | undefined }) =>
    line === undefined ? short(file) : `${short(file)}:${line}`
  return {
    domains: Object.fromEntries(setup.domains),
    notes: setup.notes.map((note) => `${placeOf(note)} ${note.what}: ${note.why}`),
    files: setup.files.map(short),
    anchors: setup.anchors.map(short),
  }
}
