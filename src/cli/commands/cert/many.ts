import type { CertificateSummary } from '../../../contract/domains/domains.ts'
import { readableName } from '../../../contract/text/readable-name.ts'
import { lossOf } from '../../flags/confirmation.ts'
import { tagChangesOf, tagRows, type TagOptions } from '../../bulk/tags.ts'
import type { TargetOptions } from '../../bulk/targets.ts'
import type { PlannedRow } from '../../../client/bulk-run.ts'
import { runBulk } from '../../bulk/run-bulk.ts'
import type { Result, Session } from '../../frame/command.ts'
import { certificateTargets } from '../../bulk/certificate-targets.ts'
import { count } from '../../../contract/text/count.ts'

export async function removeMany(
  session: Session,
  references: readonly string[],
  options: TargetOptions,
): Promise<Result> {
  const { client } = session
  const { certificates, refused } = await certificateTargets(client, references, options)
  const isFree = ({ usedBy }: CertificateSummary) => usedBy.length === 0
  const rows = certificates.map((certificate): PlannedRow => {
    const { id, name, usedBy } = certificate
    if (!isFree(certificate))
      return { name, plan: `It is used by ${usedBy.map(readableName).join(', ')}.`, outcome: 'refused' }
    const act = async () => {
      await client.certificates.remove({ id })
      return { text: 'removed; its key is erased' }
    }
    return { name, plan: 'is erased with its private key', act }
  })
  const removed = certificates.filter(isFree)
  return runBulk(session, {
    rows: [...rows, ...refused],
    options,
    question: `Remove ${count(removed.length, 'certificate')}?`,
    loss: lossOf(removed),
  })
}

export async function tagMany(
  session: Session,
  references: readonly string[],
  options: TagOptions & TargetOptions,
): Promise<Result> {
  const changes = tagChangesOf(options)
  const { certificates, refused } = await certificateTargets(session.client, references, options)
  const tagged = tagRows(certificates, changes, (ids) => session.client.certificates.tag({ ids, ...changes }))
  const rows = [...tagged, ...refused]
  return runBulk(session, {
    rows,
    options,
    question: `Change the tags of ${count(rows.length, 'certificate')}?`,
  })
}
