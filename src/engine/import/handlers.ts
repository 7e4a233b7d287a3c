import { uploadsInTurn } from '../core/uploads.ts'
import { proceduresFor } from '../core/procedures.ts'
import type { DomainNeeds } from '../domains/needs.ts'
import { applyImport, planImport } from './import-setup.ts'
import { lastImport } from './last-import.ts'
import { undoImport } from './undo-import.ts'

const { imports } = proceduresFor<{ parts: DomainNeeds }>()

/** Loaded at first use: no engine pays for the parsers of a dozen programs at its start. */
const programSetup = () => import('./program-setup.ts')

export const importHandlers = {
  plan: imports.plan.handler(({ context, input, signal }) =>
    planImport(context.parts, { ...input, files: uploadsInTurn(input.files) }, signal),
  ),
  apply: imports.apply.handler(({ context, input, signal }) =>
    applyImport(context.parts, { ...input, files: uploadsInTurn(input.files) }, signal),
  ),
  found: imports.found.handler(async () => (await import('../../import/find-setups.ts')).findSetups()),
  planProgram: imports.planProgram.handler(async ({ context, input, signal }) =>
    (await programSetup()).planProgram(context.parts, input, signal),
  ),
  applyProgram: imports.applyProgram.handler(async ({ context, input, signal }) =>
    (await programSetup()).applyProgram(context.parts, input, signal),
  ),
  last: imports.last.handler(({ context }) => lastImport(context.parts)),
  undo: imports.undo.handler(({ context }) => undoImport(context.parts)),
}
