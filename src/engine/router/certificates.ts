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
} from '../certificates/certificates.ts'
import { certificateHistory } from '../certificates/history.ts'
import { importMany } from '../certificates/import-many.ts'
import { liveQuery } from '../core/live.ts'
import { replaceCertificate } from '../https/replace.ts'
import { uploadsInTurn } from './files.ts'
import type { Procedures } from './procedures.ts'
import { renewalCalendar } from '../renewal/calendar.ts'
import { renewMany, setRenewal } from '../renewal/renewal.ts'

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
    replace: procedures.replace.handler(({ context: { parts, staging }, input }) =>
      replaceCertificate(parts, staging, input),
    ),
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

export function renewalHandlers(procedures: Procedures['renewal']) {
  return {
    calendar: procedures.calendar.handler(({ context, input }) =>
      renewalCalendar(context.parts, input.months),
    ),
    renew: procedures.renew.handler(async function* ({ context, input, signal }) {
      yield* renewMany(context.parts, input, signal)
    }),
    set: procedures.set.handler(({ context, input }) => setRenewal(context.parts, input)),
  }
}
