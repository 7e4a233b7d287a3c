import { implement, proceduresFor } from '../core/procedures.ts'
import { addChannel, listChannels, removeChannel, testChannel } from './channels.ts'
import type { NoticesNeeds } from './needs.ts'

const { notices } = proceduresFor<{ parts: NoticesNeeds }>()

export const noticesHandlers = implement(notices, {
  list: listChannels,
  add: addChannel,
  remove: (parts, input) => removeChannel(parts, input.reference),
  test: (parts, input) => testChannel(parts, input.reference),
})
