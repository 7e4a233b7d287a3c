import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { transformWithOxc, type Plugin } from 'vite'
import { makeGuide } from './pages.ts'

/** Adds the guide to the built window, under `guide/`: pages, as Markdown too, pictures, the search index and llms.txt. */
export function guidePages(root: string): Plugin {
  const docs = join(root, 'docs')
  const here = join(root, 'src', 'guide')
  return {
    name: 'guide-pages',
    async generateBundle() {
      const emit = (fileName: string, source: string | Uint8Array) =>
        this.emitFile({ type: 'asset', fileName: `guide/${fileName}`, source })
      const names = readdirSync(join(docs, 'guide')).filter((name) => name.endsWith('.md'))
      const sources = names.map((name) => ({
        name: name.slice(0, -'.md'.length),
        markdown: readFileSync(join(docs, 'guide', name), 'utf8'),
      }))
      const { pages, parts, pictures, llms } = makeGuide(sources)
      emit('llms.txt', llms)
      for (const { name, markdown } of sources) emit(`${name}.md`, markdown)
      for (const [name, html] of pages) emit(name, html)
      for (const name of pictures) emit(`pictures/${name}`, readFileSync(join(docs, 'pictures', name)))
      emit('search.json', JSON.stringify(parts))
      emit('guide.css', readFileSync(join(here, 'guide.css'), 'utf8'))
      const script = join(here, 'guide.ts')
      const { code } = await transformWithOxc(readFileSync(script, 'utf8'), script, { target: 'es2022' })
      emit('guide.js', code)
    },
  }
}
