import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { FolderOrigin } from '../../contract/domains/origins.ts'
import type { OriginProbe } from './probe-origin.ts'

export async function probeFolder({ folder }: FolderOrigin): Promise<OriginProbe> {
  const started = performance.now()
  const seen = (ok: boolean, words: string): OriginProbe => ({
    ok,
    seen: words,
    tookMs: Math.round(performance.now() - started),
  })
  try {
    if (!(await stat(folder)).isDirectory()) return seen(false, 'It is not a folder.')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return seen(false, code === 'EACCES' ? 'This user may not read the folder.' : 'There is no such folder.')
  }
  const hasIndex = await stat(join(folder, 'index.html')).then(
    (found) => found.isFile(),
    () => false,
  )
  return seen(
    true,
    hasIndex
      ? 'The folder is there, with an index.html.'
      : 'The folder is there. It has no index.html, so "/" answers 404.',
  )
}
