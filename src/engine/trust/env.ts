import { EdgekeepError } from '../../contract/errors/registry.ts'
import { bundlePaths, bundleStore } from './stores/bundle.ts'
import { installStore } from './change.ts'
import type { TrustNeeds } from './needs.ts'
import { hostEnvironmentOf, wantedRoots } from './atlas.ts'

export interface TrustVariable {
  name: string
  value: string
  /** Programs that read it. */
  reads: string
}

/**
 * Variables for programs that read no store, and the bundle that they point to, which is written if it is
 * missing or contains an older root; so is the authority.
 * @throws `trust.no_bundle`, `vault.locked` if the bundle has to be written
 */
export async function trustEnvironment(
  parts: TrustNeeds,
): Promise<{ bundle: string; variables: TrustVariable[] }> {
  const hostEnvironment = hostEnvironmentOf(parts)
  const store = bundleStore(hostEnvironment)
  const wanted = wantedRoots(parts)
  const isWritten = wanted !== undefined && (await store.read(wanted)).state === 'trusted'
  const outcome = isWritten ? null : await installStore(parts, store)
  if (outcome?.outcome === 'failed') throw new EdgekeepError('trust.no_bundle', { reason: outcome.sentence })
  return { bundle: bundlePaths(hostEnvironment).bundle, variables: bundleVariables(hostEnvironment) }
}

export function bundleVariables(hostEnvironment: { folder: string }): TrustVariable[] {
  const { bundle, roots, wgetrc } = bundlePaths(hostEnvironment)
  return [
    { name: 'SSL_CERT_FILE', value: bundle, reads: 'OpenSSL, Python, Go, .NET, Ruby, PHP' },
    { name: 'CURL_CA_BUNDLE', value: bundle, reads: 'curl' },
    { name: 'GIT_SSL_CAINFO', value: bundle, reads: 'git' },
    { name: 'REQUESTS_CA_BUNDLE', value: bundle, reads: 'Python requests, pip' },
    { name: 'CARGO_HTTP_CAINFO', value: bundle, reads: 'Cargo' },
    { name: 'NODE_EXTRA_CA_CERTS', value: roots, reads: 'Node, beside its own roots' },
    { name: 'DENO_CERT', value: roots, reads: 'Deno, beside its own roots' },
    { name: 'WGETRC', value: wgetrc, reads: 'wget; it repeats ~/.wgetrc' },
  ]
}
