import { proceduresFor, withParts } from '../core/procedures.ts'
import { addChannel, listChannels, removeChannel, testChannel } from './channels.ts'
import type { NoticesNeeds } from './needs.ts'

const { notices } = proceduresFor<{ parts: NoticesNeeds }>()

export const noticesHandlers = {
  list: notices.list.handler(withParts(listChannels)),
  add: notices.add.handler(withParts(addChannel)),
  remove: notices.remove.handler(({ context, input }) => removeChannel(context.parts, input.reference)),
  test: notices.test.handler(({ context, input }) => testChannel(context.parts, input.reference)),
}
