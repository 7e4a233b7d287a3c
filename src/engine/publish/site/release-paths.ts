import { posix } from 'node:path'
import type { ServerSetup } from './server-setup.ts'
import type { Site } from './site.ts'

/** Trust anchors of origins without any of their own, in a release. */
const publicRoots = 'certs/public-roots.pem'

/** Path in a release; its key stands beside it with `.key` after it, where HAProxy looks for it. */
export function certificateFile({ stem }: Pick<Site, 'stem'>): string {
  return `certs/${stem}.pem`
}

/** Trust anchors for the origin, in a release. */
export function anchorsFile({ stem, anchorsPem }: Site): string {
  return anchorsPem === null ? publicRoots : `certs/${stem}.anchors.pem`
}

/** Path as the configuration names it: the same in every release, so that a diff shows changes alone. */
export function currentPath({ current }: ServerSetup, file: string): string {
  return posix.join(current, file)
}
