import { readFileSync } from 'node:fs'
import { defineConfig } from 'electron-vite'
import react from '@vitejs/plugin-react'
import type { Plugin } from 'vite'
import { guidePages } from './src/guide/vite-plugin.ts'

/**
 * Puts style sheets after the empty frame, which is so painted before they have come, and before what the window
 * draws: Mantine writes the theme's variables there, and the later of two has its way.
 */
const stylesAfterFrame: Plugin = {
  name: 'styles-after-frame',
  transformIndexHtml: {
    order: 'post',
    handler(html) {
      const links = html.match(/<link rel="stylesheet"[^>]*>\n?/g) ?? []
      return links
        .reduce((page, link) => page.replace(link, ''), html)
        .replace('<div id="root">', `${links.join('')}<div id="root">`)
    },
  },
}

/**
 * Draws the product's mark into the empty frame. Chromium tells of a first paint, at which the desktop app shows its
 * window, when there is an image or text: a frame of plain boxes would wait for the end of the page.
 */
const markInFrame: Plugin = {
  name: 'mark-in-frame',
  transformIndexHtml: {
    order: 'pre',
    handler(html) {
      const mark = readFileSync('src/renderer/icon.svg', 'utf8').replaceAll(
        /<title>.*?<\/title>|<!--.*?-->/gs,
        '',
      )
      return html.replace(
        '<svg class="mark"></svg>',
        mark.replace('<svg ', '<svg class="mark" aria-hidden="true" '),
      )
    },
  },
}

/** The desktop's main process and preload, and the window that every host shows. */
export default defineConfig({
  main: {
    build: {
      externalizeDeps: false,
      license: { fileName: 'third-party-licenses.md' },
      target: 'node18',
      rolldownOptions: {
        input: { index: 'src/main/index.ts' },
        // Electron starts it in every version; an ES module only since 28.
        output: { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'chunks/[name]-[hash].cjs' },
      },
    },
  },
  preload: {
    build: {
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: 'src/preload/index.ts' },
        // A sandboxed preload is CommonJS, whatever the package's own kind of module is.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    plugins: [react(), markInFrame, stylesAfterFrame, guidePages(import.meta.dirname)],
    build: {
      minify: true,
      license: { fileName: 'third-party-licenses.md' },
      // What browsers have had for years: the window also opens in people's own.
      target: 'es2022',
      cssTarget: ['chrome111', 'firefox114', 'safari16.4'],
      // Whatever is inlined as a data: URL is refused by the window's policy.
      assetsInlineLimit: 0,
      rolldownOptions: { input: 'src/renderer/index.html' },
    },
  },
})
