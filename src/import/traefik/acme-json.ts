import { basename } from 'node:path'
import { z } from 'zod'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { SecretBytes, type Unwiped } from '../../domain/secret-bytes.ts'
import type { BoundedFiles, FoundSetup } from '../setup/found.ts'
import { parsedJson } from '../setup/parsed-json.ts'

const certificateSchema = z.object({
  domain: z.object({ main: z.string() }),
  /** PEM in base64, as the key. */
  certificate: z.base64(),
  key: z.base64(),
})
const resolverSchema = z.object({ Certificates: z.array(certificateSchema).nullish() })

/** Adds the certificates of all resolvers in an `acme.json`. */
export function addAcmeCertificates(setup: FoundSetup, file: string, files: BoundedFiles): void {
  using bytes = new SecretBytes(files.bytes(file))
  // The text of keys stays until the runtime reuses its memory: JSON is parsed as strings.
  const parsed: Unwiped<unknown> = parsedJson(bytes.bytes.toString('utf8'))
  for (const resolver of resolversIn(parsed)) {
    for (const [index, { domain, certificate, key }] of (resolver.Certificates ?? []).entries()) {
      const name = `${basename(file)}/${setup.certificates.length}-${index}/${domain.main}`
      const pair = { certificate: `${name}.crt`, key: `${name}.key` }
      setup.embedded.set(pair.certificate, Buffer.from(certificate, 'base64'))
      setup.embedded.set(pair.key, Buffer.from(key, 'base64'))
      setup.certificates.push(pair)
    }
  }
}

/** @throws `import.unreadable` */
function resolversIn(value: unknown): z.infer<typeof resolverSchema>[] {
  const whole = z.looseObject({}).safeParse(value)
  const resolvers = z.array(resolverSchema).safeParse(Object.values(whole.data ?? {}))
  if (whole.success && resolvers.success) return resolvers.data
  throw new EdgekeepError('import.unreadable', { reason: 'it is not the acme.json of Traefik 2 or 3' })
}
