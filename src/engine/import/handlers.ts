import { uploadsInTurn } from '../core/uploads.ts'
import { implement, proceduresFor } from '../core/procedures.ts'
import type { DomainNeeds } from '../domains/needs.ts'
import { applyImport, planImport } from './import-setup.ts'
import { lastImport } from './last-import.ts'
import { undoImport } from './undo-import.ts'

const { imports } = proceduresFor<{ parts: DomainNeeds }>()

/** Loaded at first use: no engine pays for the parsers of a dozen programs at its start. */
const programSetup = () => import('./program-setup.ts')

export const importHandlers = implement(imports, {
  plan: (parts, input, signal) => planImport(parts, { ...input, files: uploadsInTurn(input.files) }, signal),
  apply: (parts, input, signal) =>
    applyImport(parts, { ...input, files: uploadsInTurn(input.files) }, signal),
  found: async () => (await import('../../import/find-setups.ts')).findSetups(),
  planProgram: async (parts, input, signal) => (await programSetup()).planProgram(parts, input, signal),
  applyProgram: async (parts, input, signal) => (await programSetup()).applyProgram(parts, input, signal),
  last: lastImport,
  undo: undoImport,
})
