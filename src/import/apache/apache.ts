import { dirname, join, resolve } from 'node:path'
import type { Directive } from '../setup/directive.ts'
import { type BoundedFiles, emptySetup, type FoundSetup } from '../setup/found.ts'
import { noteTaker } from '../setup/notes.ts'
import { readApacheFile } from './apache-files.ts'
import { siteOf } from './apache-site.ts'

const mainFiles = ['apache2.conf', 'httpd.conf', join('conf', 'httpd.conf')]

/** Reads Apache's configuration: its main file, the folder with it, or one file with virtual hosts. */
export function readApache(path: string, files: BoundedFiles): FoundSetup {
  const setup = emptySetup()
  const main = files.isFolder(path)
    ? (mainFiles.map((name) => join(path, name)).find((each) => files.exists(each)) ??
      join(path, 'apache2.conf'))
    : path
  const directives = readApacheFile(main, files, setup.notes)
  const notes = noteTaker(setup.notes)
  const isHost = (one: Directive): one is Directive & { block: Directive[] } =>
    one.name === 'virtualhost' && one.block !== null
  const server = directives.filter((one) => !isHost(one))
  const root = server.findLast(({ name }) => name === 'serverroot')?.args[0]
  const level = { directives: server, folder: root ? resolve(root) : dirname(main), files, notes }
  for (const one of server)
    if (one.name === 'use' || one.name === 'macro') notes.left(one, one.name, 'Macros are not taken over.')
  const hosts = directives.filter(isHost)
  const [first] = directives
  // A server without virtual hosts is one itself.
  const only = hosts.length === 0 && first && server.some(({ name }) => name === 'servername')
  const all = only ? [{ ...first, block: server }] : hosts
  setup.sites.push(...all.flatMap((host) => siteOf(host, level, setup) ?? []))
  return setup
}
