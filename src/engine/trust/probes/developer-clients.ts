import { copyFileSync, existsSync, mkdirSync, symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { ClientRun } from '../clients/find-clients.ts'

/** Clients that cannot resolve the name of a probe without a proxy. */
export type ClientRunByProxy = Extract<ClientRun, 'wget' | 'go' | 'cargo' | 'deno'>

interface Asked {
  address: string
  /** Temporary folder for all files that the program writes. */
  folder: string
  proxyUrl: string
  env: NodeJS.ProcessEnv
  home: string
}

interface ClientCommand {
  args: string[]
  variables: NodeJS.ProcessEnv
}

/** Arguments and variables of each client: the user's trust, but files in the temporary folder only. */
export const developerCommands: Record<ClientRunByProxy, (asked: Asked) => ClientCommand> = {
  wget: ({ address }) => ({
    args: ['-nv', '-O', '-', '--tries=1', '--timeout=30', address],
    variables: {},
  }),
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
        ...{ CARGO_HTTP_PROXY: proxyUrl, CARGO_NET_RETRY: '0', CARGO_NET_OFFLINE: 'false' },
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
