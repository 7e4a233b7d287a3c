import { Marked, type Token, type Tokens } from 'marked'

/*
 * Guide as pages that need neither network nor script: `docs/guide/*.md` converted to HTML when Edgekeep is
 * built. The sources are trusted; HTML in them is shown as text all the same.
 */

/** Order of the pages; pages missing here come last. */
const order = [
  'getting-started',
  'moving-in',
  'serving-a-domain',
  'names-and-ports',
  'trust',
  'develop',
  'frameworks',
  'other-devices',
  'certificates',
  'local-certificates',
  'renewal',
  'publishing',
  'policies',
  'traffic',
  'usage',
  'looking-into-files',
  'agents',
  'acme-server',
  'protecting-the-vault',
  'running-at-boot',
  'moving-and-updating',
  'command-line',
  'troubleshooting',
  'error-messages',
  'reporting-a-bug',
]

export interface GuideSource {
  /** `getting-started`: the file's name without its extension. */
  name: string
  markdown: string
}

/** Part of a page under one heading, for the search. */
export interface GuidePart {
  page: string
  title: string
  heading: string
  id: string
  text: string
}

export interface Guide {
  /** HTML by file name; `index.html` is the first page. */
  pages: Map<string, string>
  parts: GuidePart[]
  /** File names of pictures that the pages show. */
  pictures: Set<string>
  /** Index for language models (llmstxt.org), which links the pages as Markdown. */
  llms: string
}

export function makeGuide(sources: GuideSource[]): Guide {
  const ordered = sources.toSorted((one, other) => placeOf(one) - placeOf(other))
  const pictures = new Set<string>()
  const read = ordered.map((source) => ({ ...source, ...render(source, pictures) }))
  const menu = read.map(({ name, title }) => ({ name, title }))
  const pages = new Map(read.map((page) => [`${page.name}.html`, pageOf(page, menu)]))
  const [first] = pages.values()
  if (first !== undefined) pages.set('index.html', first)
  const entries = read.map(({ name, title, parts }) => `- [${title}](${name}.md): ${firstSentence(parts)}`)
  const llms = `# Edgekeep\n\n> ${summary}\n\n## Guide\n\n${entries.join('\n')}\n`
  return { pages, parts: read.flatMap(({ parts }) => parts), pictures, llms }
}

const summary =
  'Serves any domain over real HTTPS on your own machine, with a certificate vault, a window and a command line. Every command takes --json.'

function firstSentence(parts: GuidePart[]): string {
  const text = parts.find((part) => part.text !== '')?.text ?? ''
  const end = text.search(/[.:] /)
  return end < 0 ? text : `${text.slice(0, end)}.`
}

function placeOf({ name }: GuideSource): number {
  const at = order.indexOf(name)
  return at < 0 ? order.length : at
}

function render({ name, markdown }: GuideSource, pictures: Set<string>) {
  const parts: GuidePart[] = []
  let title = name
  const marked = new Marked({
    gfm: true,
    renderer: {
      heading({ tokens, depth }: Tokens.Heading): string {
        const heading = textOf(tokens)
        const id = slug(heading)
        return `<h${depth} id="${id}">${this.parser.parseInline(tokens)}</h${depth}>\n`
      },
      link({ href, tokens }: Tokens.Link): string {
        const inner = this.parser.parseInline(tokens)
        if (href.startsWith('https://'))
          return `<a href="${escaped(href)}" target="_blank" rel="noopener noreferrer">${inner}</a>`
        const page = /^([a-z-]+)\.md(#[\w-]+)?$/.exec(href)
        if (page) return `<a href="${page[1]}.html${page[2] ?? ''}">${inner}</a>`
        // Targets outside the guide do not ship with the application.
        return href.startsWith('#') ? `<a href="${escaped(href)}">${inner}</a>` : inner
      },
      image({ href, text }: Tokens.Image): string {
        const file = href.split('/').at(-1) ?? href
        pictures.add(file)
        return `<img src="pictures/${escaped(file)}" alt="${escaped(text)}" loading="lazy">`
      },
      html({ text }: Tokens.HTML | Tokens.Tag): string {
        return escaped(text)
      },
    },
  })
  const tokens = marked.lexer(markdown)
  for (const token of tokens) {
    if (token.type === 'heading') {
      const heading = textOf((token as Tokens.Heading).tokens)
      if ((token as Tokens.Heading).depth === 1) title = heading
      parts.push({ page: `${name}.html`, title, heading, id: slug(heading), text: '' })
    } else {
      const part = parts.at(-1)
      if (part) part.text = `${part.text} ${textOf([token])}`.trim()
    }
  }
  return { title, parts, body: marked.parser(tokens) }
}

function textOf(tokens: readonly Token[]): string {
  return tokens
    .map((token) => {
      if (token.type === 'table') {
        const { header, rows } = token as Tokens.Table
        return [header, ...rows].map((row) => row.map((cell) => textOf(cell.tokens)).join(' ')).join(' ')
      }
      if (token.type === 'list')
        return (token as Tokens.List).items.map((item) => textOf(item.tokens)).join(' ')
      const inner = (token as { tokens?: Token[] }).tokens
      if (inner && inner.length > 0) return textOf(inner)
      return 'text' in token ? String(token.text) : ''
    })
    .join('')
    .replace(/\s/g, ' ')
}

/** Same slugs as GitHub's, so that links that work there work here. */
function slug(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^a-z0-9 _-]/g, '')
    .replaceAll(' ', '-')
}

function pageOf(
  { name, title, body }: { name: string; title: string; body: string },
  menu: { name: string; title: string }[],
): string {
  const entries = menu.map((entry) => {
    const here = entry.name === name ? ' aria-current="page"' : ''
    return `<li><a href="${entry.name}.html"${here}>${escaped(entry.title)}</a></li>`
  })
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>${escaped(title)} · Edgekeep guide</title>
    <link rel="stylesheet" href="guide.css">
    <script type="module" src="guide.js"></script>
  </head>
  <body>
    <a class="skip" href="#page">Skip to the page</a>
    <nav aria-label="Guide">
      <form role="search">
        <input type="search" id="find" placeholder="Search the guide" aria-label="Search the guide" autocomplete="off" aria-controls="found">
      </form>
      <p id="count" role="status"></p>
      <ol id="found" aria-label="Found"></ol>
      <ul id="pages">
        ${entries.join('\n        ')}
      </ul>
    </nav>
    <main id="page" tabindex="-1">
${body}
    </main>
  </body>
</html>
`
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
