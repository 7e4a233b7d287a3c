import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join, parse } from 'node:path'
import { build } from 'vite'
import nodeConfig from '../../../vite.node.config.ts'

const cache = join(import.meta.dirname, '../../../node_modules/.cache')

/**
 * Bundles a program of test/support into one file, as the product is: loading hundreds of sources takes Node a
 * second of processor time, and tests start the same program many times. `name` is its path in there, such as
 * `vault/vault-process.ts`. The bundle is deleted when this process ends.
 */
export async function bundledProgram(name: string): Promise<string> {
  mkdirSync(cache, { recursive: true })
  // Beside the packages, since native ones stay outside of it.
  const folder = mkdtempSync(join(cache, 'test-program-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const input = join(import.meta.dirname, '..', name)
  await build({
    ...nodeConfig,
    configFile: false,
    logLevel: 'warn',
    build: {
      ...nodeConfig.build,
      outDir: folder,
      license: false,
      rolldownOptions: { ...nodeConfig.build?.rolldownOptions, input },
    },
  })
  return join(folder, `${parse(name).name}.js`)
}
