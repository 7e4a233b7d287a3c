import type { Core } from '../core/core.ts'
import { implement, proceduresFor } from '../core/procedures.ts'
import { addWatches, checkWatches, listWatches, removeWatch } from './watches.ts'

const { watch } = proceduresFor<{ parts: Core }>()

export const watchHandlers = implement(watch, {
  list: listWatches,
  add: addWatches,
  remove: removeWatch,
  check: checkWatches,
})
