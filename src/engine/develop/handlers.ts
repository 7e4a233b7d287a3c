import { proceduresFor } from '../core/procedures.ts'
import type { DevelopNeeds } from './needs.ts'
import { serveRun } from './runs.ts'

const { runs } = proceduresFor<{ parts: DevelopNeeds }>()

export const runsHandlers = {
  serve: runs.serve.handler(async function* ({ context, input, signal }) {
    yield* serveRun(context.parts, input, signal)
  }),
  list: runs.list.handler(({ context }) => [...context.parts.liveRuns.values()]),
}
