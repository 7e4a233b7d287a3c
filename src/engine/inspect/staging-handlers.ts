import { keyWork, withUploads } from '../core/uploads.ts'
import { proceduresFor } from '../core/procedures.ts'
import type { Core } from '../core/core.ts'
import type { Staging } from './staging.ts'

const { staging } = proceduresFor<{ parts: Core; staging: Staging }>()

export const stagingHandlers = {
  open: staging.open.handler(({ context: { staging }, input }) =>
    withUploads(input.files, (files) => staging.open(files, input.domain)),
  ),
  add: staging.add.handler(({ context: { staging }, input }) =>
    withUploads(input.files, (files) => staging.add(input.stagingId, files)),
  ),
  unlock: staging.unlock.handler(({ context, signal, input: { stagingId, pieceId, passphrase } }) =>
    context.staging.unlock(stagingId, pieceId, passphrase, keyWork(context, signal)),
  ),
  remove: staging.remove.handler(({ context: { staging }, input }) =>
    staging.remove(input.stagingId, input.file),
  ),
  discard: staging.discard.handler(({ context: { staging }, input }) => {
    staging.end(input.stagingId)
    return {}
  }),
}
