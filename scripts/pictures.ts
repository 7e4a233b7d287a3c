import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { en } from '../src/renderer/messages/en.ts'

/*
 * Copies screenshots of the e2e tests into the README and the guide, with the texts of the catalogue that each
 * shows: `test/unit/pictures.test.ts` fails once one is no longer there. To add a picture, create an empty file
 * of its name in docs/pictures first. With `--collect`, takes what earlier runs with EDGEKEEP_PICTURES left.
 */

const taken = path.resolve('test-results/pictures')
const docsFolder = 'docs/pictures'
const textsFile = path.join(docsFolder, 'texts.json')

/** Texts of the catalogue that are whole sentences or labels: without placeholders, and long enough to tell. */
export function catalogueTexts(messages: object = en): Set<string> {
  const texts = Object.values(messages).flatMap((each: unknown) =>
    typeof each === 'string' ? [each] : [...catalogueTexts(each as object)],
  )
  return new Set(texts.filter((text) => text.length >= 8 && !text.includes('{{')))
}

function collect(): void {
  const known = catalogueTexts()
  const earlier = existsSync(textsFile)
    ? (JSON.parse(readFileSync(textsFile, 'utf8')) as Record<string, string[]>)
    : {}
  const names = readdirSync(docsFolder).filter((entry) => entry.endsWith('.png'))
  const texts = Object.fromEntries(names.map((name) => [name, earlier[name] ?? []]))
  for (const name of names) {
    const picture = path.join(taken, name)
    if (!existsSync(picture)) continue
    copyFileSync(picture, path.join(docsFolder, name))
    const lines = readFileSync(picture.replace(/png$/, 'txt'), 'utf8').split('\n')
    texts[name] = [...new Set(lines.map((line) => line.trim()))].filter((line) => known.has(line)).toSorted()
  }
  writeFileSync(textsFile, `${JSON.stringify(texts, null, 2)}\n`)
}

if (process.argv[1] === import.meta.filename) {
  if (!process.argv.includes('--collect')) {
    mkdirSync(taken, { recursive: true })
    const { status } = spawnSync(process.execPath, ['scripts/test.ts', 'e2e', 'e2e-desktop'], {
      stdio: 'inherit',
      env: { ...process.env, EDGEKEEP_PICTURES: taken },
    })
    if (status !== 0) process.exit(status ?? 1)
  }
  collect()
}
