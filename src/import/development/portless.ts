import { join } from 'node:path'
import { z } from 'zod'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { originDefaults } from '../../contract/domains/origins.ts'
import { portSchema } from '../../contract/shared/port.ts'
import { type BoundedFiles, emptySetup, emptySite, type FoundSetup } from '../setup/found.ts'
import { parsedJson } from '../setup/parsed-json.ts'
import { noteTaker } from '../setup/notes.ts'

/** The path is optional: newer versions have routes by path. */
const routesSchema = z
  .array(z.looseObject({ hostname: z.string(), port: portSchema, path: z.string().optional() }))
  .max(10_000)

/**
 * Reads the routes of portless (`routes.json`), which last as long as the programs that they lead to. Its authority
 * is a trust anchor at most.
 */
export function readPortless(path: string, files: BoundedFiles): FoundSetup {
  const setup = emptySetup()
  const notes = noteTaker(setup.notes)
  const folder = files.isFolder(path)
  const file = folder ? join(path, 'routes.json') : path
  const parsed = routesSchema.safeParse(parsedJson(files.text(file)))
  if (!parsed.success)
    throw new EdgekeepError('import.unreadable', { reason: 'it is not the routes.json of portless' })
  for (const { hostname, port, path: below = '/' } of parsed.data) {
    if (below === '/')
      setup.sites.push({ ...emptySite({ file }, [hostname]), https: 'unknown', origin: originAt(port) })
    else notes.left({ file }, hostname, 'Its route for a part of the paths is not taken over.')
  }
  const anchor = join(path, 'ca.pem')
  if (folder && files.exists(anchor)) setup.anchors.push(anchor)
  return setup
}

function originAt(port: number) {
  return { protocol: 'http' as const, host: '127.0.0.1', httpPort: port, httpsPort: 443, ...originDefaults }
}
