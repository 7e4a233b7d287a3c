import { join } from 'node:path'
import { type BoundedFiles, type CertificateFiles, emptySetup, type FoundSetup } from '../setup/found.ts'
import { noteTaker } from '../setup/notes.ts'

/** Certbot: `live/NAME/fullchain.pem` and `privkey.pem`, links to `archive`. */
export function readCertbot(path: string, files: BoundedFiles): FoundSetup {
  const live = files.exists(join(path, 'live')) ? join(path, 'live') : path
  return pairsIn(files.names(live), files, (name) => ({
    certificate: join(live, name, 'fullchain.pem'),
    key: join(live, name, 'privkey.pem'),
  }))
}

/** acme.sh: `NAME/fullchain.cer` and `NAME/NAME.key`; the folder of an ECDSA certificate ends with `_ecc`. */
export function readAcmeSh(path: string, files: BoundedFiles): FoundSetup {
  return pairsIn(files.names(path), files, (name) => ({
    certificate: join(path, name, 'fullchain.cer'),
    key: join(path, name, `${name.replace(/_ecc$/, '')}.key`),
  }))
}

/** lego: `certificates/NAME.crt` and `NAME.key`, of a wildcard `_.NAME.crt`. */
export function readLego(path: string, files: BoundedFiles): FoundSetup {
  const folder = files.exists(join(path, 'certificates')) ? join(path, 'certificates') : path
  const names = endingWith('.crt', files.names(folder)).filter((name) => !name.endsWith('.issuer'))
  return pairsIn(names, files, (name) => ({
    certificate: join(folder, `${name}.crt`),
    key: join(folder, `${name}.key`),
  }))
}

/**
 * mkcert: its authority's folder, of which only the root certificate is read, or a folder with certificates
 * (`NAME.pem` and `NAME-key.pem`).
 */
export function readMkcert(path: string, files: BoundedFiles): FoundSetup {
  const root = join(path, 'rootCA.pem')
  if (files.exists(root)) return { ...emptySetup(), anchors: [root] }
  const names = endingWith('-key.pem', files.names(path))
  return pairsIn(names, files, (name) => ({
    certificate: join(path, `${name}.pem`),
    key: join(path, `${name}-key.pem`),
  }))
}

/** devcert: `domains/NAME/certificate.crt` and `private-key.key`, and an authority of its own. */
export function readDevcert(path: string, files: BoundedFiles): FoundSetup {
  const folder = join(path, 'domains')
  const setup = pairsIn(files.names(folder), files, (name) => ({
    certificate: join(folder, name, 'certificate.crt'),
    key: join(folder, name, 'private-key.key'),
  }))
  const root = join(path, 'certificate-authority', 'certificate.cert')
  return files.exists(root) ? { ...setup, anchors: [root] } : setup
}

function endingWith(ending: string, names: string[]): string[] {
  return names.filter((name) => name.endsWith(ending)).map((name) => name.slice(0, -ending.length))
}

/** Pairs of which the certificate exists; a missing key is a note. */
function pairsIn(
  names: string[],
  files: BoundedFiles,
  pairOf: (name: string) => { certificate: string; key: string },
): FoundSetup {
  const setup = emptySetup()
  const notes = noteTaker(setup.notes)
  const pairs = names.map((name) => ({ name, ...pairOf(name) }))
  for (const { name, certificate, key } of pairs) {
    if (!files.exists(certificate)) continue
    if (files.exists(key)) setup.certificates.push({ certificate, key } satisfies CertificateFiles)
    else notes.left({ file: certificate }, name, 'Its private key is not where this program keeps it.')
  }
  return setup
}
