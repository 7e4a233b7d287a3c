import { dirname, join } from 'node:path'
import { type BoundedFiles, type CertificateFiles, emptySetup, type FoundSetup } from '../setup/found.ts'
import { noteTaker } from '../setup/notes.ts'
import { openSqlite } from '../setup/sqlite-file.ts'
import { columns, hostOf, siteOfHost } from './proxy-hosts.ts'

/** Reads Nginx Proxy Manager: its folder with `data` and `letsencrypt`, the data folder, or `database.sqlite`. */
export async function readProxyManager(path: string, files: BoundedFiles): Promise<FoundSetup> {
  const setup = emptySetup()
  const notes = noteTaker(setup.notes)
  const data = dataFolder(path, files)
  const file = join(data, 'database.sqlite')
  using database = await openSqlite(file, files)
  const at = (table: string, id: number) => ({ file: `${file}/${table}/${id}` })
  const providers = new Map(
    database
      .rows('certificate', ['id', 'provider'])
      .map(({ id, provider }) => [Number(id), String(provider)]),
  )
  const certificateOf = (id: number) => certificateFiles(data, id, { provider: providers.get(id), files })
  for (const row of database.rows('proxy_host', columns)) {
    const host = hostOf(row)
    if (host && host.isDeleted) continue
    if (!host)
      notes.left({ file }, 'proxy_host', 'A host is not in the form that Nginx Proxy Manager 2 writes.')
    else if (!host.isEnabled) notes.left(at('proxy_host', host.id), 'proxy_host', 'It is disabled there.')
    else setup.sites.push(...siteOfHost(host, { at: at('proxy_host', host.id), certificateOf, notes }))
  }
  const others: [string, string][] = [
    ['redirection_host', 'Redirects to other names are not taken over.'],
    ['dead_host', 'Names that answer 404 are not taken over.'],
    ['stream', 'Only HTTP is served here; streams are not.'],
  ]
  for (const [table, why] of others)
    for (const { id, is_deleted: deleted } of database.rows(table, ['id', 'is_deleted']))
      if (deleted !== 1) notes.left(at(table, Number(id)), table, why)
  return setup
}

function dataFolder(path: string, files: BoundedFiles): string {
  if (!files.isFolder(path)) return dirname(path)
  const below = join(path, 'data')
  return files.exists(join(below, 'database.sqlite')) ? below : path
}

/** Certbot's folders lie beside `data`, in NPMplus below it. */
function certificateFiles(
  data: string,
  id: number,
  { provider, files }: { provider: string | undefined; files: BoundedFiles },
): CertificateFiles | 'unknown' {
  const folders =
    provider === 'letsencrypt'
      ? [
          join(data, '..', 'letsencrypt', 'live'),
          '/etc/letsencrypt/live',
          join(data, 'tls', 'certbot', 'live'),
        ]
      : [join(data, 'custom_ssl'), join(data, 'tls', 'custom')]
  const found = folders.map((folder) => join(folder, `npm-${id}`)).find((each) => files.exists(each))
  return found ? { certificate: join(found, 'fullchain.pem'), key: join(found, 'privkey.pem') } : 'unknown'
}
