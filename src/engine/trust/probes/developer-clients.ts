import { copyFileSync, existsSync, mkdirSync, symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { ClientRun } from '../clients/find-clients.ts'

/** Clients that cannot resolve the name of a probe without a proxy. */
export type ClientRunByProxy = Extract<ClientRun, 'wget' | 'go' | 'cargo' | 'deno'>

interface Asked {
  address: string
  /** Temporary folder for all files that the program writes. */
  folder: string
  /** Null for a name that the client finds itself. */
  proxyUrl: string | null
  env: NodeJS.ProcessEnv
  home: string
}

interface ClientCommand {
  args: string[]
  variables: NodeJS.ProcessEnv
}

/** Arguments and variables of each client: the user's trust, but files in the temporary folder only. */
export const developerCommands: Record<ClientRunByProxy, (asked: Asked) => ClientCommand> = {
  wget: ({ address }) => ({ args: ['-nv', '-O', '-', '--tries=1', '--timeout=30', address], variables: {} }),
  // The `go` command is a Go program itself and requests modules from a proxy with Go's own crypto/tls.
  go: ({ address, folder }) => ({
    args: ['mod', 'download', 'proof.invalid/client@v1.0.0'],
    variables: {
      ...{ GOPROXY: address, GONOPROXY: 'none', GOPRIVATE: '', GOINSECURE: '', GOSUMDB: 'off' },
      ...{ GOENV: 'off', GOFLAGS: '', GOWORK: 'off', GO111MODULE: 'on', GOTOOLCHAIN: 'local' },
      ...{ GOMODCACHE: join(folder, 'modules'), GOCACHE: join(folder, 'build') },
    },
  }),
  // A registry with one address; Cargo requests its configuration first.
  cargo: ({ address, folder, proxyUrl, env, home }) => {
    const own = join(folder, 'cargo')
    mkdirSync(own)
    lendSettings(env.CARGO_HOME ?? join(home, '.cargo'), own)
    return {
      args: ['search', '--registry', 'proof', 'client'],
      variables: {
        CARGO_HOME: own,
        CARGO_REGISTRIES_PROOF_INDEX: `sparse+${address}/`,
        ...(proxyUrl === null ? {} : { CARGO_HTTP_PROXY: proxyUrl }),
        ...{ CARGO_NET_RETRY: '0', CARGO_NET_OFFLINE: 'false' },
      },
    }
  },
  deno: ({ address, folder }) => ({
    args: ['eval', '--no-config', '--no-lock', 'await (await fetch(Deno.args[0])).text()', address],
    variables: { DENO_DIR: join(folder, 'deno'), DENO_NO_UPDATE_CHECK: '1', NO_COLOR: '1' },
  }),
}

/**
 * Settings may name roots (`http.cainfo`) and contain tokens, so they are linked: a copy would outlive a
 * killed engine. Windows needs a copy, since links require privileges that few users have.
 */
function lendSettings(from: string, to: string): void {
  const lend = process.platform === 'win32' ? copyFileSync : symlinkSync
  for (const name of ['config.toml', 'config'])
    if (existsSync(join(from, name))) lend(resolve(from, name), join(to, name))
}

/** HandshakeProof.java for a host: its constant 127.0.0.1 is replaced (JVMS 4.4.7, CONSTANT_Utf8). */
export function handshakeProofClass(host: string): Buffer {
  const compiled = Buffer.from(compiledProof, 'base64')
  const loopback = utf8Constant('127.0.0.1')
  const at = compiled.indexOf(loopback)
  return Buffer.concat([
    compiled.subarray(0, at),
    utf8Constant(host),
    compiled.subarray(at + loopback.length),
  ])
}

function utf8Constant(text: string): Buffer {
  return Buffer.concat([Buffer.from([1, text.length >> 8, text.length & 0xff]), Buffer.from(text, 'latin1')])
}

/** HandshakeProof.java, compiled with `javac --release 8 -g:none` for every JDK since 8, in base64. */
const compiledProof = [
  'yv66vgAAADQAkQoAAgADBwAEDAAFAAYBABBqYXZhL2xhbmcvT2JqZWN0AQAGPGluaXQ+AQADKClWCgAIAAkHAAoMAAsADAEA',
  'EWphdmEvbGFuZy9JbnRlZ2VyAQAIcGFyc2VJbnQBABUoTGphdmEvbGFuZy9TdHJpbmc7KUkHAA4BAA9qYXZhL25ldC9Tb2Nr',
  'ZXQIABABAAkxMjcuMC4wLjEKAA0AEgwABQATAQAWKExqYXZhL2xhbmcvU3RyaW5nO0kpVgoADQAVDAAWABcBAAxzZXRTb1Rp',
  'bWVvdXQBAAQoSSlWCgAZABoHABsMABwAHQEAHmphdmF4L25ldC9zc2wvU1NMU29ja2V0RmFjdG9yeQEACmdldERlZmF1bHQB',
  'ABsoKUxqYXZheC9uZXQvU29ja2V0RmFjdG9yeTsKABkAHwwAIAAhAQAMY3JlYXRlU29ja2V0AQA4KExqYXZhL25ldC9Tb2Nr',
  'ZXQ7TGphdmEvbGFuZy9TdHJpbmc7SVopTGphdmEvbmV0L1NvY2tldDsHACMBABdqYXZheC9uZXQvc3NsL1NTTFNvY2tldAoA',
  'IgAlDAAmACcBABBnZXRTU0xQYXJhbWV0ZXJzAQAfKClMamF2YXgvbmV0L3NzbC9TU0xQYXJhbWV0ZXJzOwgAKQEABUhUVFBT',
  'CgArACwHAC0MAC4ALwEAG2phdmF4L25ldC9zc2wvU1NMUGFyYW1ldGVycwEAInNldEVuZHBvaW50SWRlbnRpZmljYXRpb25B',
  'bGdvcml0aG0BABUoTGphdmEvbGFuZy9TdHJpbmc7KVYKACIAMQwAMgAzAQAQc2V0U1NMUGFyYW1ldGVycwEAIChMamF2YXgv',
  'bmV0L3NzbC9TU0xQYXJhbWV0ZXJzOylWCgAiADUMADYABgEADnN0YXJ0SGFuZHNoYWtlCgAiADgMADkAOgEAD2dldE91dHB1',
  'dFN0cmVhbQEAGCgpTGphdmEvaW8vT3V0cHV0U3RyZWFtOwcAPAEAF2phdmEvbGFuZy9TdHJpbmdCdWlsZGVyCgA7AAMIAD8B',
  'AARHRVQgCgA7AEEMAEIAQwEABmFwcGVuZAEALShMamF2YS9sYW5nL1N0cmluZzspTGphdmEvbGFuZy9TdHJpbmdCdWlsZGVy',
  'OwgARQEAESBIVFRQLzEuMQ0KSG9zdDogCABHAQABOgoAOwBJDABCAEoBABwoSSlMamF2YS9sYW5nL1N0cmluZ0J1aWxkZXI7',
  'CABMAQAXDQpDb25uZWN0aW9uOiBjbG9zZQ0KDQoKADsATgwATwBQAQAIdG9TdHJpbmcBABQoKUxqYXZhL2xhbmcvU3RyaW5n',
  'OwkAUgBTBwBUDABVAFYBACFqYXZhL25pby9jaGFyc2V0L1N0YW5kYXJkQ2hhcnNldHMBAAhVU19BU0NJSQEAGkxqYXZhL25p',
  'by9jaGFyc2V0L0NoYXJzZXQ7CgBYAFkHAFoMAFsAXAEAEGphdmEvbGFuZy9TdHJpbmcBAAhnZXRCeXRlcwEAHihMamF2YS9u',
  'aW8vY2hhcnNldC9DaGFyc2V0OylbQgoAXgBfBwBgDABhAGIBABRqYXZhL2lvL091dHB1dFN0cmVhbQEABXdyaXRlAQAFKFtC',
  'KVYKAF4AZAwAZQAGAQAFZmx1c2gKACIAZwwAaABpAQAOZ2V0SW5wdXRTdHJlYW0BABcoKUxqYXZhL2lvL0lucHV0U3RyZWFt',
  'OwoAawBsBwBtDABuAG8BABNqYXZhL2lvL0lucHV0U3RyZWFtAQAEcmVhZAEABShbQilJCgAiAHEMAHIABgEABWNsb3NlBwB0',
  'AQATamF2YS9sYW5nL0V4Y2VwdGlvbgkAdgB3BwB4DAB5AHoBABBqYXZhL2xhbmcvU3lzdGVtAQADZXJyAQAVTGphdmEvaW8v',
  'UHJpbnRTdHJlYW07CgB8AH0HAH4MAH8AgAEAE2phdmEvaW8vUHJpbnRTdHJlYW0BAAdwcmludGxuAQAVKExqYXZhL2xhbmcv',
  'T2JqZWN0OylWCgB2AIIMAIMAFwEABGV4aXQHAIUBAA5IYW5kc2hha2VQcm9vZgEABENvZGUBAARtYWluAQAWKFtMamF2YS9s',
  'YW5nL1N0cmluZzspVgEADVN0YWNrTWFwVGFibGUHAIsBABNbTGphdmEvbGFuZy9TdHJpbmc7BwCNAQACW0IHAI8BABNqYXZh',
  'L2xhbmcvVGhyb3dhYmxlAQAKRXhjZXB0aW9ucwAxAIQAAgAAAAAAAgABAAUABgABAIYAAAARAAEAAQAAAAUqtwABsQAAAAAA',
  'CQCHAIgAAgCGAAABVQAFAAwAAADYKgMyTCoEMrgABz27AA1ZEg8ctwARTi0RTiC2ABS4ABjAABk6BBkELSscBLYAHsAAIjoF',
  'GQW2ACQ6BhkGEii2ACoZBRkGtgAwGQW2ADQZBbYANzoHuwA7WbcAPRI+tgBAKgUytgBAEkS2AEArtgBAEka2AEActgBIEku2',
  'AEC2AE06CBkHGQiyAFG2AFe2AF0ZB7YAYxkFtgBmOgkREAC8CDoKGQkZCrYAapsABqf/9hkFtgBwpwAjOgeyAHUZB7YAewS4',
  'AIEZBbYAcKcADToLGQW2AHAZC7+xAAQASACvALcAcwBIAK8AzQAAALcAxQDNAAAAzQDPAM0AAAABAIkAAABLAAX/AKIACwcA',
  'igcAWAEHAA0HABkHACIHACsHAF4HAFgHAGsHAIwAAP8ADAAHBwCKBwBYAQcADQcAGQcAIgcAKwAARwcAc1UHAI4JAJAAAAAE',
  'AAEAcwAA',
].join('')
