import { basename, dirname, join, resolve } from 'node:path'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { certificatesByName } from '../setup/certificates-by-name.ts'
import { type BoundedFiles, emptySetup, type FoundSetup } from '../setup/found.ts'
import { bytesOf } from '../setup/merge-sites.ts'
import { noteTaker } from '../setup/notes.ts'
import { addAcmeCertificates } from './acme-json.ts'
import { type Dynamic, dynamicOf } from './traefik-dynamic.ts'
import { readTraefikFiles } from './traefik-files.ts'
import { sitesOf } from './traefik-sites.ts'

/**
 * Reads Traefik: its own configuration with the files of its file provider and the certificates of its resolvers, a
 * file or folder of that provider, or an `acme.json` alone. Other providers (Docker, Kubernetes) are not read.
 */
export function readTraefik(path: string, files: BoundedFiles): FoundSetup {
  const setup = emptySetup()
  const notes = noteTaker(setup.notes)
  const onlyAcme = files.isFolder(path) ? join(path, 'acme.json') : path
  if (basename(onlyAcme).endsWith('.json') && files.exists(onlyAcme))
    addAcmeCertificates(setup, onlyAcme, files)
  const isAcme = !files.isFolder(path) && path.endsWith('.json')
  const {
    whole,
    dynamic: parsed,
    storages,
  } = isAcme ? { whole: null, dynamic: [], storages: [] } : readTraefikFiles(path, files, notes)
  for (const storage of storages) if (storage !== onlyAcme) addAcmeCertificates(setup, storage, files)
  const dynamic = dynamicOf(parsed, notes)
  if (dynamic.routers.size + dynamic.certificates.length + setup.certificates.length === 0) {
    const reason = setup.notes[0]?.why ?? 'no file of its file provider and no acme.json is there.'
    throw new EdgekeepError('import.unreadable', { reason: reason.replace(/\.$/, '') })
  }
  addCertificates(setup, dynamic)
  const certificateOf = certificatesByName(setup.certificates, (each) => bytesOf(each, { setup, files }))
  setup.sites.push(...sitesOf({ dynamic, whole, certificateOf, files, notes }))
  return setup
}

/** A certificate may be named by its path, or stand there itself. */
function addCertificates(setup: FoundSetup, { certificates }: Dynamic): void {
  for (const [index, { at, certificate, key }] of certificates.entries()) {
    const named = (text: string, ending: string) => {
      if (!text.startsWith('-----BEGIN')) return resolve(dirname(at.file), text)
      const name = `${at.file}/${index}.${ending}`
      setup.embedded.set(name, Buffer.from(text))
      return name
    }
    setup.certificates.push({ certificate: named(certificate, 'crt'), key: named(key, 'key') })
  }
}
