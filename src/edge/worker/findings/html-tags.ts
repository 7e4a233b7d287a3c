import { Tokenizer } from 'htmlparser2'

export interface Tag {
  name: string
  /** Names in lower case; the first of duplicates counts. */
  attributes: Map<string, string>
  /** Text of a `style` or `script` element; empty for others. */
  text: string
}

/** Below the limit of browsers; no honest element has as many. */
const mostAttributes = 100

/**
 * Streaming reader of a page's start tags. Skips comments and ignores incomplete tags.
 * Only the tokenizer of htmlparser2 is used: its parser keeps a stack of the open elements, which a page can
 * make long and slow, and nesting does not matter here.
 */
export class TagReader {
  readonly #onTag: (tag: Tag) => void
  readonly #tokenizer: Tokenizer
  /** Input so far: the tokenizer reports offsets in it, which may begin in an earlier piece. */
  #page = ''
  #name = ''
  #attributes = new Map<string, string>()
  #attribute = ''
  #value = ''
  #open: Tag | null = null

  constructor(onTag: (tag: Tag) => void) {
    this.#onTag = onTag
    const nothing = (): void => undefined
    this.#tokenizer = new Tokenizer(
      {},
      {
        onopentagname: (start, end) => {
          this.#name = this.#word(start, end)
          this.#attributes = new Map()
        },
        onattribname: (start, end) => {
          this.#attribute = this.#word(start, end)
          this.#value = ''
        },
        onattribdata: (start, end) => {
          this.#value += this.#page.slice(start, end)
        },
        onattribentity: (codePoint) => {
          this.#value += String.fromCodePoint(codePoint)
        },
        onattribend: () => this.#endAttribute(),
        onopentagend: () => this.#endTag(),
        onselfclosingtag: () => this.#endTag(),
        ontext: (start, end) => {
          if (this.#open) this.#open.text += this.#page.slice(start, end)
        },
        onclosetag: () => this.#endText(),
        onend: () => this.#endText(),
        ontextentity: nothing,
        oncdata: nothing,
        oncomment: nothing,
        ondeclaration: nothing,
        onprocessinginstruction: nothing,
      },
    )
  }

  write(piece: string): void {
    this.#page += piece
    this.#tokenizer.write(piece)
  }

  end(): void {
    this.#tokenizer.end()
  }

  #word(start: number, end: number): string {
    return this.#page.slice(start, end).toLowerCase()
  }

  #endAttribute(): void {
    if (this.#attributes.size < mostAttributes && !this.#attributes.has(this.#attribute))
      this.#attributes.set(this.#attribute, this.#value)
  }

  #endTag(): void {
    const tag: Tag = { name: this.#name, attributes: this.#attributes, text: '' }
    if (tag.name === 'style' || tag.name === 'script') this.#open = tag
    else this.#onTag(tag)
  }

  #endText(): void {
    if (this.#open) this.#onTag(this.#open)
    this.#open = null
  }
}
