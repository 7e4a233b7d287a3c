import { existsSync } from 'node:fs'
import { EdgekeepError } from '../contract/errors/registry.ts'
import { type FoundSetup, importPrograms, type ImportProgram } from '../contract/imports/imports.ts'
import { type ImportKind, importKinds } from './kinds.ts'
import { readSetup } from './read-setup.ts'

/** Setups of all programs at their usual places on this computer. */
export async function findSetups(): Promise<FoundSetup[]> {
  const found = await Promise.all(importPrograms.map(foundAt))
  return found.filter((each) => each !== null)
}

/** Usual place of a program on this computer; undefined without one. */
export function placeOf(program: ImportProgram): string | undefined {
  const kind: ImportKind = importKinds[program]
  return kind.places().find((each) => existsSync(each))
}

/** Counts of a setup, or why it cannot be read; null if there is none. */
async function foundAt(program: ImportProgram): Promise<FoundSetup | null> {
  const path = placeOf(program)
  if (path === undefined) return null
  try {
    using setup = await readSetup(importKinds[program], path)
    const { domains, files, notes } = setup
    return {
      program,
      path,
      domains: domains.size,
      files: files.length,
      notes: notes.length,
      problem: null,
    }
  } catch (error) {
    if (!(error instanceof EdgekeepError)) throw error
    return { program, path, domains: 0, files: 0, notes: 0, problem: error.message }
  }
}
