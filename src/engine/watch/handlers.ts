import type { Core } from '../core/core.ts'
import { proceduresFor, withParts } from '../core/procedures.ts'
import { addWatches, checkWatches, listWatches, removeWatch } from './watches.ts'

const { watch } = proceduresFor<{ parts: Core }>()

export const watchHandlers = {
  list: watch.list.handler(({ context }) => listWatches(context.parts)),
  add: watch.add.handler(withParts(addWatches)),
  remove: watch.remove.handler(async ({ context, input }) => {
    await removeWatch(context.parts, input)
    return {}
  }),
  check: watch.check.handler(withParts(checkWatches)),
}
