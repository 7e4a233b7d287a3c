import {
  annotateCertificate,
  exportCertificate,
  findCertificate,
  getCertificate,
  importCertificate,
  listCertificates,
  removeCertificate,
  renameCertificate,
  setKept,
} from './certificates.ts'
import { certificateHistory } from './history.ts'
import { importMany } from './import-many.ts'
import { liveQuery } from '../core/live.ts'
import { uploadsInTurn } from '../core/uploads.ts'
import type { Procedures } from '../core/procedures.ts'

export function certificateHandlers(procedures: Procedures['certificates']) {
  return {
    list: procedures.list.handler(({ context }) => listCertificates(context.parts)),
    watch: procedures.watch.handler(async function* ({ context: { parts }, signal }) {
      yield* liveQuery(() => listCertificates(parts), parts.topics.certificates, signal)
    }),
    get: procedures.get.handler(({ context, input }) => getCertificate(context.parts, input.id)),
    find: procedures.find.handler(({ context, input }) => findCertificate(context.parts, input.reference)),
    import: procedures.import.handler(({ context: { parts, staging }, input }) =>
      staging.spend(input.stagingId, (material) => importCertificate(parts, material, input.name)),
    ),
    rename: procedures.rename.handler(({ context, input }) =>
      renameCertificate(context.parts, input.id, input.name),
    ),
    annotate: procedures.annotate.handler(({ context, input: { id, ...annotation } }) =>
      annotateCertificate(context.parts, id, annotation),
    ),
    history: procedures.history.handler(({ context, input }) => certificateHistory(context.parts, input.id)),
    importMany: procedures.importMany.handler(async function* ({ context, input, signal }) {
      yield* importMany(context.parts, { ...input, files: uploadsInTurn(input.files) }, signal)
    }),
    setKept: procedures.setKept.handler(({ context, input }) => setKept(context.parts, input.id, input.kept)),
    remove: procedures.remove.handler(({ context, input }) => removeCertificate(context.parts, input.id)),
    export: procedures.export.handler(({ context, input }) =>
      exportCertificate(context.parts, input.id, input.format),
    ),
  }
}
