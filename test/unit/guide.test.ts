import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeGuide } from '../../src/guide/pages.ts'

const folder = 'docs/guide'
const guide = makeGuide(
  readdirSync(folder).map((name) => ({
    name: name.replace(/\.md$/, ''),
    markdown: readFileSync(join(folder, name), 'utf8'),
  })),
)

test('the guide has a page for each of its files, and begins with how to get started', () => {
  expect(guide.pages.size).toBe(readdirSync(folder).length + 1)
  expect(guide.pages.get('index.html')).toBe(guide.pages.get('getting-started.html'))
})

test('every link of the guide leads to a page, a heading or another site, and every picture is there', () => {
  const ids = new Map([...guide.pages].map(([name, html]) => [name, idsOf(html)]))
  for (const [name, html] of guide.pages) {
    for (const [, href = ''] of html.matchAll(/<a href="([^"]*)"/g)) {
      if (href.startsWith('https://')) continue
      const [page = '', id] = href.split('#')
      const target = page === '' ? name : page
      expect(ids.has(target), `${href} of ${name}`).toBe(true)
      if (id) expect(ids.get(target), `${href} of ${name}`).toContain(id)
    }
  }
  const pictures = readdirSync('docs/pictures')
  for (const picture of guide.pictures) expect(pictures).toContain(picture)
})

test('llms.txt names each page once, as Markdown, with its first sentence', () => {
  const entries = [...guide.llms.matchAll(/^- \[(.+)\]\((.+)\.md\): (.+\.)$/gm)]
  const names = readdirSync(folder).map((name) => name.replace(/\.md$/, ''))
  expect(new Set(entries.map(([, , name]) => name))).toEqual(new Set(names))
  expect(entries).toHaveLength(names.length)
  expect(guide.llms).toMatch(/^# Edgekeep\n\n> .+\n\n## Guide\n\n- \[.+\]\(getting-started\.md\)/)
})

test('nothing in the guide is run or loaded from elsewhere', () => {
  for (const [name, html] of guide.pages) {
    expect(html.match(/<script[^>]*>/g), name).toEqual(['<script type="module" src="guide.js">'])
    expect(html, name).not.toMatch(/ (style|on[a-z]+)=|javascript:|src="(https?:)?\/\//)
  }
})

test('HTML in a text is shown as it is written', () => {
  const { pages } = makeGuide([
    { name: 'x', markdown: '# A & B\n\n<script>alert(1)</script>\n\na <b>c</b>\n' },
  ])
  const html = pages.get('x.html')!
  expect(html).toContain('&lt;script&gt;')
  expect(html).toContain('&lt;b&gt;')
  expect(html).toContain('<title>A &amp; B · Edgekeep guide</title>')
})

test('the search knows each part by its heading, in words without marks', () => {
  const part = guide.parts.find(({ page, id }) => page === 'getting-started.html' && id === 'see-it-work')
  expect(part).toMatchObject({ title: 'Getting started', heading: 'See it work' })
  expect(part!.text).toContain('throwaway data')
  const { parts } = makeGuide([{ name: 'x', markdown: '# X\n\n**Bold** and [a link](usage.md), `code`\n' }])
  expect(parts[0]!.text).toBe('Bold and a link, code')
})

function idsOf(html: string): string[] {
  return [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id!)
}
