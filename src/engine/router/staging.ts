import { withUploads } from './files.ts'
import type { Procedures } from './procedures.ts'

export function stagingHandlers(procedures: Procedures['staging']) {
  return {
    open: procedures.open.handler(({ context: { staging }, input }) =>
      withUploads(input.files, (files) => staging.open(files, input.domain)),
    ),
    add: procedures.add.handler(({ context: { staging }, input }) =>
      withUploads(input.files, (files) => staging.add(input.stagingId, files)),
    ),
    unlock: procedures.unlock.handler(({ context: { staging }, input }) =>
      staging.unlock(input.stagingId, input.pieceId, input.passphrase),
    ),
    remove: procedures.remove.handler(({ context: { staging }, input }) =>
      staging.remove(input.stagingId, input.file),
    ),
    discard: procedures.discard.handler(({ context: { staging }, input }) => {
      staging.settle(input.stagingId)
      return {}
    }),
  }
}
