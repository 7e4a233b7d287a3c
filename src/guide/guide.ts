import type { GuidePart } from './pages.ts'

/*
 * Search in the guide: marks matches in this page and lists those in the others. Enter goes to the next
 * match, Shift-Enter to the previous one, Escape ends the search.
 */

const mostFound = 20
const mostMarked = 500
const before = 40
const after = 90

const field = element('find', HTMLInputElement)
const count = element('count', HTMLElement)
const found = element('found', HTMLElement)
const page = element('page', HTMLElement)
let marked: Range[] = []
let at = -1
let parts: Promise<GuidePart[]> | undefined

field.addEventListener('input', () => void search())
field.form?.addEventListener('submit', (event) => event.preventDefault())
document.addEventListener('keydown', (event) => {
  const isFind = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'f'
  // Browsers have the same key themselves.
  if (isFind && location.protocol === 'edgekeep:') {
    event.preventDefault()
    field.select()
    field.focus()
  } else if (event.key === 'Enter' && document.activeElement === field) {
    event.preventDefault()
    goTo(at + (event.shiftKey ? -1 : 1))
  } else if (event.key === 'Escape' && field.value !== '') {
    field.value = ''
    void search()
  }
})
const wanted = new URLSearchParams(location.search).get('find')
if (wanted) {
  field.value = wanted
  void search()
}

async function search(): Promise<void> {
  const text = field.value.trim().toLowerCase()
  marked = text.length < 2 ? [] : rangesOf(text)
  at = -1
  show()
  if (text.length < 2) return found.replaceChildren()
  parts ??= fetch('search.json').then((answer) => answer.json() as Promise<GuidePart[]>)
  const all = await parts
  if (field.value.trim().toLowerCase() !== text) return
  const words = text.split(' ').filter((word) => word !== '')
  const hits = all.filter((part) => {
    const whole = `${part.title} ${part.heading} ${part.text}`.toLowerCase()
    return words.every((word) => whole.includes(word))
  })
  found.replaceChildren(...hits.slice(0, mostFound).map((part) => entryOf(part, words[0] ?? text)))
  if (hits.length === 0 && marked.length === 0) count.textContent = 'Nothing in the guide has these words.'
}

/** Ranges of `text` in this page, each within one text node. */
function rangesOf(text: string): Range[] {
  const ranges: Range[] = []
  const walker = document.createTreeWalker(page, NodeFilter.SHOW_TEXT)
  while (walker.nextNode() && ranges.length < mostMarked) {
    const node = walker.currentNode
    const content = (node.nodeValue ?? '').toLowerCase()
    for (let from = content.indexOf(text); from >= 0; from = content.indexOf(text, from + text.length)) {
      const range = document.createRange()
      range.setStart(node, from)
      range.setEnd(node, from + text.length)
      ranges.push(range)
    }
  }
  return ranges
}

function goTo(next: number): void {
  if (marked.length === 0) return
  at = (next + marked.length) % marked.length
  show()
  marked[at]?.startContainer.parentElement?.scrollIntoView({ block: 'center' })
}

function show(): void {
  const now = marked[at]
  // Browsers without highlights use the selection, which shows one place at a time.
  if ('highlights' in CSS) {
    CSS.highlights.set('found', new Highlight(...marked))
    CSS.highlights.set('found-now', new Highlight(...(now ? [now] : [])))
  } else if (now) {
    getSelection()?.removeAllRanges()
    getSelection()?.addRange(now)
  }
  const place = now ? `${at + 1} of ${marked.length}` : String(marked.length)
  count.textContent = field.value.trim().length < 2 ? '' : `${place} in this page`
}

/** Builds a search result from text of the guide, inserted as text only. */
function entryOf({ page: file, title, heading, id, text }: GuidePart, word: string): HTMLElement {
  const item = document.createElement('li')
  const link = document.createElement('a')
  link.href = `${file}?find=${encodeURIComponent(field.value.trim())}#${id}`
  link.textContent = heading === title ? title : `${title}: ${heading}`
  const from = Math.max(0, text.toLowerCase().indexOf(word) - before)
  const around = document.createElement('small')
  around.textContent = `${from > 0 ? '… ' : ''}${text.slice(from, from + before + after)}`
  link.append(around)
  item.append(link)
  return item
}

function element<T extends HTMLElement>(id: string, kind: new () => T): T {
  const one = document.getElementById(id)
  if (!(one instanceof kind)) throw new Error(`The page has no ${id}.`)
  return one
}
