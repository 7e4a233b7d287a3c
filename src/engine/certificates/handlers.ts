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
  tagCertificates,
} from './certificates.ts'
import { certificateHistory } from './history.ts'
import { importMany } from './import-many.ts'
import { liveQuery } from '../core/live.ts'
import { uploadsInTurn } from '../core/uploads.ts'
import { proceduresFor } from '../core/procedures.ts'
import type { CertificateNeeds, StagedUploads } from './needs.ts'

const { certificates } = proceduresFor<{ parts: CertificateNeeds; staging: StagedUploads }>()

export const certificateHandlers = {
  list: certificates.list.handler(({ context }) => [...listCertificates(context.parts)]),
  watch: certificates.watch.handler(async function* ({ context: { parts }, signal }) {
    yield* liveQuery(() => listCertificates(parts), parts.topics.certificates, signal)
  }),
  get: certificates.get.handler(({ context, input }) => getCertificate(context.parts, input.id)),
  find: certificates.find.handler(({ context, input }) => findCertificate(context.parts, input.reference)),
  import: certificates.import.handler(({ context: { parts, staging }, input }) =>
    staging.spend(input.stagingId, (material) => importCertificate(parts, material, input.name)),
  ),
  rename: certificates.rename.handler(({ context, input }) =>
    renameCertificate(context.parts, input.id, input.name),
  ),
  annotate: certificates.annotate.handler(({ context, input: { id, ...annotation } }) =>
    annotateCertificate(context.parts, id, annotation),
  ),
  tag: certificates.tag.handler(({ context, input }) => tagCertificates(context.parts, input.ids, input)),
  history: certificates.history.handler(({ context, input }) => certificateHistory(context.parts, input.id)),
  importMany: certificates.importMany.handler(async function* ({ context, input, signal }) {
    yield* importMany(context.parts, { ...input, files: uploadsInTurn(input.files) }, signal)
  }),
  setKept: certificates.setKept.handler(({ context, input }) => setKept(context.parts, input.id, input.kept)),
  remove: certificates.remove.handler(({ context, input }) => removeCertificate(context.parts, input.id)),
  export: certificates.export.handler(({ context, input }) =>
    exportCertificate(context.parts, input.id, input.format),
  ),
}
