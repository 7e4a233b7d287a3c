import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTestAuthority, issueTestLeaf } from '../pki/certificates.ts'
import { sampleText } from '../pki/samples.ts'

const dayMs = 24 * 60 * 60 * 1000

/** Writes the files that the guide's commands name into `folder`. */
export function writeSampleFiles(folder: string): void {
  const [leaf, intermediate, root] = ['rsa', 'intermediate', 'root'].map((name) =>
    sampleText(`${name}.crt.pem`),
  ) as [string, string, string]
  const key = sampleText('rsa.key.pem')
  const authority = createTestAuthority()
  const issued = (names: string[], key: 'rsa' | 'ec', days: number) =>
    issueTestLeaf(authority, { names, key, notAfter: new Date(Date.now() + days * dayMs) }).leafPem
  const files: Record<string, string> = {
    'fullchain.pem': leaf + intermediate,
    'privkey.pem': key,
    'shop.crt': leaf,
    'shop.key': key,
    'leaf.pem': leaf,
    'intermediate.pem': intermediate,
    'root.pem': root,
    'staff-ca.pem': root,
    'all.pem': root + leaf + intermediate,
    'old.key': sampleText('rsa.pkcs1.pem'),
    'other.key': sampleText('p256.key.pem'),
    'p256.pem': sampleText('p256.crt.pem') + intermediate,
    'old.pem': issued(['shop.example', 'www.shop.example'], 'rsa', 398),
    'new.pem': issued(['shop.example'], 'ec', 90),
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  const openssl = (line: string) => execFileSync('openssl', line.split(' '), { cwd: folder, stdio: 'pipe' })
  openssl('pkcs12 -export -in all.pem -inkey shop.key -out windows.pfx -passout pass:')
  openssl(
    'req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=printer.test -addext subjectAltName=DNS:printer.test -keyout printer.key -out printer.csr',
  )
}
