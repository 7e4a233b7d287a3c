import { keyWork, withUploads } from '../core/uploads.ts'
import type { Procedures } from '../core/procedures.ts'

export function stagingHandlers(procedures: Procedures['staging']) {
  return {
    open: procedures.open.handler(({ context: { staging }, input }) =>
      withUploads(input.files, (files) => staging.open(files, input.domain)),
    ),
    add: procedures.add.handler(({ context: { staging }, input }) =>
      withUploads(input.files, (files) => staging.add(input.stagingId, files)),
    ),
    unlock: procedures.unlock.handler(({ context, signal, input: { stagingId, pieceId, passphrase } }) =>
      context.staging.unlock(stagingId, pieceId, passphrase, keyWork(context, signal)),
    ),
    remove: procedures.remove.handler(({ context: { staging }, input }) =>
      staging.remove(input.stagingId, input.file),
    ),
    discard: procedures.discard.handler(({ context: { staging }, input }) => {
      staging.end(input.stagingId)
      return {}
    }),
  }
}
