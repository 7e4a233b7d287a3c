import { builtinModules } from 'node:module'
import { defineConfig } from 'vite'

/** The parts that run on the pinned Node: engine, edge worker, command line. Native modules stay outside. */
export default defineConfig({
  publicDir: false,
  build: {
    ssr: true,
    target: 'node24',
    outDir: 'out/node',
    emptyOutDir: true,
    minify: false,
    rolldownOptions: {
      input: {
        engine: 'src/engine/main.ts',
        'edge-worker': 'src/engine/edge/worker.ts',
        cli: 'src/cli/main.ts',
      },
      external: [/^node:/, ...builtinModules, 'better-sqlite3', '@napi-rs/keyring'],
      output: { format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
  ssr: { noExternal: true, external: ['better-sqlite3', '@napi-rs/keyring'] },
})
