import { readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { isolatedDeclarationSync } from 'rolldown/experimental'
import { defineConfig, type Plugin } from 'vite'

/**
 * undici's llhttp as the module that its bytes could be. It is CommonJS with a Buffer for its exports, and
 * what a bundler makes of that has a getter for each byte: 34 MB of every worker's memory.
 */
export const llhttpBytes: Plugin = {
  name: 'llhttp-bytes',
  transform(code, id) {
    if (!id.endsWith('/undici/lib/llhttp/llhttp_simd-wasm.js')) return undefined
    const [, base64] = /^const wasmBase64 = '([A-Za-z0-9+/=]+)'$/m.exec(code) ?? []
    if (base64 === undefined) return this.error('undici keeps the bytes of llhttp in another way')
    return {
      code: `import { Buffer } from 'node:buffer'\nexport default Buffer.from('${base64}', 'base64')\n`,
      map: null,
    }
  },
}

const addon = '\0no-addon'

/**
 * ssh2 without its native addons, which are not built and which it does without, and with the `__dirname` that its
 * WebAssembly asks for without use, and its client of PuTTY's agent, which is not used.
 */
const withoutAddons: Plugin = {
  name: 'without-addons',
  enforce: 'pre',
  resolveId: (id) => (id === 'cpu-features' || id.endsWith('/sshcrypto.node') ? addon : undefined),
  load: (id) => (id === addon ? 'module.exports = undefined' : undefined),
  transform: (code, id) =>
    id.includes('/ssh2/lib/') && code.includes('__dirname')
      ? { code: `var __dirname = ''\n${code}`, map: null }
      : undefined,
}

/** Entries for other projects (`exports` of package.json). */
const exported = { dev: 'src/dev/dev.ts', vite: 'src/dev/vite.ts' }

const declarations: Plugin = {
  name: 'declarations',
  generateBundle() {
    for (const [name, path] of Object.entries(exported)) {
      const { code, errors } = isolatedDeclarationSync(path, readFileSync(path, 'utf8'))
      if (errors.length > 0) this.error(`${path}: ${errors[0]?.message}`)
      this.emitFile({ type: 'asset', fileName: `${name}.d.ts`, source: code })
    }
  },
}

/** The parts that run on the pinned Node: engine, edge worker, command line. Native modules stay outside. */
export default defineConfig({
  publicDir: false,
  // An authority is not made under a clock that is behind this.
  define: { __builtAt__: JSON.stringify(new Date().toISOString()) },
  plugins: [llhttpBytes, withoutAddons, declarations],
  build: {
    ssr: true,
    target: 'node24',
    outDir: 'out/node',
    emptyOutDir: true,
    minify: false,
    license: { fileName: 'third-party-licenses.md' },
    rolldownOptions: {
      input: {
        engine: 'src/engine/main.ts',
        'edge-worker': 'src/edge/worker/worker.ts',
        cli: 'src/cli/main.ts',
        'inspect-only': 'src/engine-process/inspect-only-main.ts',
        ...exported,
      },
      external: [/^node:/, ...builtinModules, 'better-sqlite3', '@napi-rs/keyring'],
      output: { format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
  ssr: { noExternal: true, external: ['better-sqlite3', '@napi-rs/keyring'] },
})
