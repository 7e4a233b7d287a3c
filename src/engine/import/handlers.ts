import { uploadsInTurn } from '../core/uploads.ts'
import { proceduresFor } from '../core/procedures.ts'
import type { DomainNeeds } from '../domains/needs.ts'
import { applyImport, planImport } from './import-setup.ts'
import { lastImport } from './last-import.ts'
import { applyProgram, planProgram } from './program-setup.ts'
import { findSetups } from '../../import/find-setups.ts'
import { undoImport } from './undo-import.ts'

const { imports } = proceduresFor<{ parts: DomainNeeds }>()

export const importHandlers = {
  plan: imports.plan.handler(({ context, input, signal }) =>
    planImport(context.parts, { ...input, files: uploadsInTurn(input.files) }, signal),
  ),
  apply: imports.apply.handler(({ context, input, signal }) =>
    applyImport(context.parts, { ...input, files: uploadsInTurn(input.files) }, signal),
  ),
  found: imports.found.handler(() => findSetups()),
  planProgram: imports.planProgram.handler(({ context, input, signal }) =>
    planProgram(context.parts, input, signal),
  ),
  applyProgram: imports.applyProgram.handler(({ context, input, signal }) =>
    applyProgram(context.parts, input, signal),
  ),
  last: imports.last.handler(({ context }) => lastImport(context.parts)),
  undo: imports.undo.handler(({ context }) => undoImport(context.parts)),
}
