import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findClients } from '../../../../src/engine/trust/clients/find-clients.ts'
import { findStores } from '../../../../src/engine/trust/stores/find-stores.ts'
import { runClient } from '../../../../src/engine/trust/probes/run-client.ts'
import { clientErrorMessage } from '../../../../src/engine/trust/client-errors.ts'
import { recordedSystem, type RecordedSystem } from '../../../support/engine/recorded-system.ts'

/* Probe commands of Go, Cargo and Deno; the real programs are in `test/trust`. */

let linux: RecordedSystem
beforeEach(() => {
  linux = recordedSystem('linux')
})
afterEach(() => linux.close())

const target = { name: 'proof-1.localhost', port: 8443, path: '/token', isMapped: true }

/** Runs a program that records its arguments, folder and environment. */
async function ran(program: string, says = ''): Promise<{ words: string; noted: string; said: string }> {
  const note = join(linux.state, 'noted')
  linux.write(
    `bin/${program}`,
    `#!/bin/sh\n{ pwd; env; find "$CARGO_HOME" -type f; find "$CARGO_HOME" -type l -exec echo link {} \\;; } > '${note}' 2>/dev/null\nprintf '%s\\n' "$*" > '${note}.words'\necho '${says}' >&2\nexit 1\n`,
    0o755,
  )
  const found = findClients(linux.hostEnvironment, findStores(linux.hostEnvironment))
  const client = found.find(({ path }) => path === join(linux.root, 'bin', program))!
  const said = await runClient({
    hostEnvironment: linux.hostEnvironment,
    client,
    target,
    variables: { SSL_CERT_FILE: '/bundle' },
  })
  const textOf = (path: string) => readFileSync(path, 'utf8').trim()
  return { words: textOf(`${note}.words`), noted: textOf(note), said }
}

const folder = () => join(linux.hostEnvironment.folder)

test('Go asks for a module at the address, by a proxy, with what it keeps in a folder that is gone afterwards', async () => {
  const { words, noted } = await ran('go')
  expect(words).toBe('mod download proof.invalid/client@v1.0.0')
  expect(noted).toContain(`${folder()}/proof-`)
  for (const line of [
    'GOPROXY=https://proof-1.localhost:8443/token',
    'GOINSECURE=',
    'GOFLAGS=',
    'GOENV=off',
    'GOTOOLCHAIN=local',
    'NO_PROXY=',
    'SSL_CERT_FILE=/bundle',
  ])
    expect(noted.split('\n')).toContain(line)
  expect(noted).toMatch(/^HTTPS_PROXY=http:\/\/127\.0\.0\.1:\d+$/m)
  expect(noted).toMatch(/^GOMODCACHE=.*\/proof-\w+\/modules$/m)
  expect(readdirSync(folder())).toEqual([])
})

test('Cargo asks for the configuration of a registry, with a link to the person’s settings and no copy of what signs them in', async () => {
  linux.write('home/.cargo/config.toml', '[http]\ncainfo = "/own.pem"\n')
  linux.write('home/.cargo/credentials.toml', 'token = "secret"\n')
  const { words, noted } = await ran('cargo')
  expect(words).toBe('search --registry proof client')
  expect(noted.split('\n')).toContain(
    'CARGO_REGISTRIES_PROOF_INDEX=sparse+https://proof-1.localhost:8443/token/',
  )
  expect(noted).toMatch(/^CARGO_HTTP_PROXY=http:\/\/127\.0\.0\.1:\d+$/m)
  expect(noted).toMatch(/^link .*\/cargo\/config\.toml$/m)
  expect(noted).not.toMatch(/^\/.*\/cargo\/config\.toml$/m)
  expect(noted).not.toContain('credentials')
  expect(existsSync(join(linux.root, 'home/.cargo/registry'))).toBe(false)
})

test('Deno loads the address without configuration of a folder', async () => {
  const { words, noted } = await ran('deno')
  expect(words).toBe(
    'eval --no-config --no-lock await (await fetch(Deno.args[0])).text() https://proof-1.localhost:8443/token',
  )
  expect(noted).toMatch(/^DENO_DIR=.*\/proof-\w+\/deno$/m)
})

test.each([
  [
    'go',
    'go: m: Get "https://x/": tls: failed to verify certificate: x509: certificate signed by unknown authority',
  ],
  [
    'cargo',
    '  [60] SSL peer certificate or SSH remote key was not OK (SSL certificate problem: unable to get local issuer certificate)',
  ],
  [
    'deno',
    'Caused by: Error: error sending request: client error (Connect): invalid peer certificate: UnknownIssuer',
  ],
])('the refusal of %s is kept in its own words, and recognized as distrust', async (program, says) => {
  const { said } = await ran(program, says)
  expect(said).toBe(says.trim())
  expect(clientErrorMessage(said, 'the local authority')).toBe('It does not trust the local authority.')
})
