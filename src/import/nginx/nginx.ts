import { dirname, join } from 'node:path'
import { type BoundedFiles, emptySetup, type FoundSetup } from '../setup/found.ts'
import { noteTaker } from '../setup/notes.ts'
import { readNginxFile } from './nginx-files.ts'
import { siteOf } from './nginx-site.ts'
import type { Directive } from '../setup/directive.ts'
import { type HttpLevel, upstreamsOf } from './nginx-upstreams.ts'

/** Reads nginx's configuration: `nginx.conf`, or the folder with it, or one file with `server` blocks. */
export function readNginx(path: string, files: BoundedFiles): FoundSetup {
  const setup = emptySetup()
  const main = files.isFolder(path) ? join(path, 'nginx.conf') : path
  const directives = readNginxFile(main, files, setup.notes)
  const notes = noteTaker(setup.notes)
  // A file of sites-available has its servers at the top.
  const isWhole = directives.some(({ name }) => name === 'http' || name === 'events')
  for (const one of directives) {
    if (one.name === 'stream' || one.name === 'mail')
      notes.left(one, one.name, 'Only HTTP is served here; streams and mail are not.')
  }
  const blocks = isWhole ? directives.filter(({ name }) => name === 'http') : [{ block: directives }]
  for (const { block } of blocks) {
    if (!block) continue
    const level: HttpLevel = {
      directives: block.filter(({ name }) => name !== 'server'),
      upstreams: upstreamsOf(block, notes),
      folder: dirname(main),
      files,
    }
    const servers = block.filter(({ name }) => name === 'server')
    const sites = servers.flatMap((server) =>
      siteOf(server as Directive & { block: Directive[] }, level, notes),
    )
    setup.sites.push(...sites)
  }
  return setup
}
