import { posix } from 'node:path'
import type { ServerReport } from '../../contract/targets/targets.ts'
import { ignoringFaults, type Outcome, type Publication } from './publication.ts'
import { switchTo } from './put-in-use.ts'
import { digestOf, pruneReleases, type Release, releaseOf, writeRelease } from './release.ts'
import type { Steps } from './steps.ts'

/** Writes a release that a person applies: it has no keys, and there is nothing to be seen from outside yet. */
export async function writeManifests(
  publication: Publication,
  name: string,
  { steps, report, inUse }: { steps: Steps; report: ServerReport; inUse: Release | null },
): Promise<Outcome> {
  const { host, setup, sites, server } = publication
  const release = releaseOf(sites, new Map(), setup)
  const digest = digestOf(release)
  if (inUse && digest === server.digest && digest === digestOf(inUse))
    return { report: { ...report, state: 'unchanged' }, server, undo: null }
  const folder = posix.join(setup.releases, name)
  await steps.make('write', 'The manifests are written.', (progress) =>
    writeRelease(host, folder, release, progress),
  )
  const apply = `They are in use once you apply them: kubectl apply -k ${posix.dirname(setup.config)}`
  await steps.make('switch', apply, () => switchTo(publication, folder))
  await ignoringFaults(() => pruneReleases(host, setup, [name]))
  return { report: { ...report, state: 'written' }, server: { ...server, release: name, digest }, undo: null }
}
