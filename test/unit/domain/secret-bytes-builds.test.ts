import { Script } from 'node:vm'
import { build } from 'vite'
import { expect, test } from 'vitest'
import electronConfig from '../../../electron.vite.config.ts'
import nodeConfig from '../../../vite.node.config.ts'

const secretBytes = new URL('../../../src/domain/secret-bytes.ts', import.meta.url).pathname
/** Leaves a scope early, by an error and after an await; `wiped` has the bytes of each. */
const program = `
import { SecretBytes } from '${secretBytes}'
const wiped = ['early', 'error', 'await'].map((text) => Buffer.from(text))
function early() {
  using secret = new SecretBytes(wiped[0])
  if (secret.bytes.length > 0) return
  wiped.length = 0
}
function failing() {
  using secret = new SecretBytes(wiped[1])
  throw new Error(secret.toString())
}
async function later() {
  using secret = new SecretBytes(wiped[2])
  await Promise.resolve()
  return secret.bytes.length
}
early()
try {
  failing()
} catch {}
done(later().then(() => wiped))
`

async function built(target: string): Promise<string> {
  const [id, resolved] = ['virtual:program', '\0virtual:program']
  const plugin = {
    name: 'program',
    resolveId: (source: string) => (source === id ? resolved : undefined),
    load: (source: string) => (source === resolved ? program : undefined),
  }
  const made = await build({
    configFile: false,
    logLevel: 'silent',
    plugins: [plugin],
    build: {
      ssr: true,
      write: false,
      target,
      minify: false,
      rolldownOptions: { input: id, output: { format: 'cjs' } },
    },
  })
  if (!('output' in made)) throw new Error('vite made no bundle')
  return made.output[0].code
}

const electron = electronConfig as { main: { build: { target: string } } }
const targets: [name: string, target: string, isNative: boolean][] = [
  ['engine, worker and command line', nodeConfig.build?.target as string, true],
  ['main process of the desktop', electron.main.build.target, false],
]

test.each(targets)(
  'secrets are wiped where their scope ends in the build of %s',
  async (_name, target, isNative) => {
    const code = await built(target)
    expect(/^\s*using secret = /m.test(code)).toBe(isNative)
    const done = Promise.withResolvers<Buffer[]>()
    new Script(code).runInNewContext({ Buffer, done: done.resolve, exports: {} })
    const wiped = await done.promise
    expect(wiped.map((bytes) => bytes.every((byte) => byte === 0))).toEqual([true, true, true])
  },
)
