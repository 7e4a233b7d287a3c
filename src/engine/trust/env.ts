import { EdgekeepError } from '../../contract/errors/registry.ts'
import { bundlePaths, bundleStore } from './stores/bundle.ts'
import type { TrustNeeds } from './needs.ts'
import { hostEnvironmentOf, wantedRoots } from './atlas.ts'

export interface TrustVariable {
  name: string
  value: string
  /** Programs that read it. */
  reads: string
}

/**
 * Variables for programs that read no store, and the bundle that they point to, which is refreshed if
 * installed.
 * @throws `authority.none`, `trust.no_bundle`
 */
export async function trustEnvironment(
  parts: TrustNeeds,
): Promise<{ bundle: string; variables: TrustVariable[] }> {
  const wanted = wantedRoots(parts)
  if (!wanted) throw new EdgekeepError('authority.none', {})
  const hostEnvironment = hostEnvironmentOf(parts)
  const { state } = await bundleStore(hostEnvironment).read(wanted)
  if (state !== 'trusted') throw new EdgekeepError('trust.no_bundle', {})
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
