import { uploadsInTurn } from '../core/uploads.ts'
import { proceduresFor } from '../core/procedures.ts'
import type { DomainNeeds } from '../domains/needs.ts'
import { applyImport, planImport } from './import-setup.ts'
import { undoImport } from './undo-import.ts'

const { imports } = proceduresFor<{ parts: DomainNeeds }>()

export const importHandlers = {
  plan: imports.plan.handler(({ context, input, signal }) =>
    planImport(context.parts, { ...input, files: uploadsInTurn(input.files) }, signal),
  ),
  apply: imports.apply.handler(({ context, input, signal }) =>
    applyImport(context.parts, { ...input, files: uploadsInTurn(input.files) }, signal),
  ),
  undo: imports.undo.handler(({ context }) => undoImport(context.parts)),
}
