import { implement, proceduresFor } from '../core/procedures.ts'
import { checkTarget } from './drift.ts'
import { cancelPublications, type PublishCall } from './publish.ts'
import { listTargets } from './stored-targets.ts'
import { addTarget, removeTarget, setTargetRenewal, showTarget } from './targets.ts'
import { watchedPublication } from './watched-publication.ts'

const { targets } = proceduresFor<PublishCall>()

export const targetHandlers = implement(targets, {
  list: listTargets,
  show: (parts, input) => showTarget(parts, input.target),
  add: addTarget,
  remove: (parts, input) => removeTarget(parts, input.target),
  setRenewal: setTargetRenewal,
  check: (parts, input) => checkTarget(parts, input.target),
  publish: (_parts, input, _signal, context) => watchedPublication(context, input),
  cancel: (parts, input) => cancelPublications(parts, input.target),
})
