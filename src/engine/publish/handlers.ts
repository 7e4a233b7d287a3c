import { proceduresFor, withParts } from '../core/procedures.ts'
import { checkTarget } from './drift.ts'
import { cancelPublications, type PublishCall } from './publish.ts'
import { listTargets } from './stored-targets.ts'
import { addTarget, removeTarget, setTargetRenewal, showTarget } from './targets.ts'
import { watchedPublication } from './watched-publication.ts'

const { targets } = proceduresFor<PublishCall>()

export const targetHandlers = {
  list: targets.list.handler(({ context }) => listTargets(context.parts)),
  show: targets.show.handler(({ context, input }) => showTarget(context.parts, input.target)),
  add: targets.add.handler(withParts(addTarget)),
  remove: targets.remove.handler(({ context, input }) => removeTarget(context.parts, input.target)),
  setRenewal: targets.setRenewal.handler(withParts(setTargetRenewal)),
  check: targets.check.handler(({ context, input }) => checkTarget(context.parts, input.target)),
  publish: targets.publish.handler(async function* ({ context, input }) {
    yield* watchedPublication(context, input)
  }),
  cancel: targets.cancel.handler(({ context, input }) => cancelPublications(context.parts, input.target)),
}
