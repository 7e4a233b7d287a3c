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
import { implement, proceduresFor } from '../core/procedures.ts'
import type { CertificateNeeds, StagedUploads } from './needs.ts'

const { certificates } = proceduresFor<{ parts: CertificateNeeds; staging: StagedUploads }>()

export const certificateHandlers = implement(certificates, {
  list: (parts) => [...listCertificates(parts)],
  async *watch(parts, input, signal) {
    yield* liveQuery(() => listCertificates(parts), parts.topics.certificates, signal)
  },
  get: (parts, input) => getCertificate(parts, input.id),
  find: (parts, input) => findCertificate(parts, input.reference),
  import: (parts, input, _signal, { staging }) =>
    staging.spend(input.stagingId, (material) => importCertificate(parts, material, input.name)),
  rename: (parts, input) => renameCertificate(parts, input.id, input.name),
  annotate: (parts, { id, ...annotation }) => annotateCertificate(parts, id, annotation),
  tag: (parts, input) => tagCertificates(parts, input.ids, input),
  history: (parts, input) => certificateHistory(parts, input.id),
  importMany: (parts, input, signal) =>
    importMany(parts, { ...input, files: uploadsInTurn(input.files) }, signal),
  setKept: (parts, input) => setKept(parts, input.id, input.kept),
  remove: (parts, input) => removeCertificate(parts, input.id),
  export: (parts, input) => exportCertificate(parts, input.id, input.format),
})
