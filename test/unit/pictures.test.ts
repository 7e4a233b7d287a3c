import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { expect, test } from 'vitest'
import { catalogueTexts } from '../../scripts/pictures.ts'

const texts = JSON.parse(readFileSync('docs/pictures/texts.json', 'utf8')) as Record<string, string[]>
const pictures = globSync('docs/pictures/*.png').map((path) => basename(path))

test.each(pictures)('%s shows texts that the window still has; "npm run pictures" takes it again', (name) => {
  const shown = texts[name] ?? []
  expect(shown.length).toBeGreaterThan(1)
  const known = catalogueTexts()
  expect(shown.filter((text) => !known.has(text))).toEqual([])
})

test('no text is listed for a picture that is gone', () => {
  expect(Object.keys(texts).filter((name) => !pictures.includes(name))).toEqual([])
})
