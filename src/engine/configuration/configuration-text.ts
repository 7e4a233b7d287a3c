import { isScalar, parseDocument, visit } from 'yaml'
import { EdgekeepError } from '../../contract/errors/registry.ts'

/**
 * Parses a configuration file. Refuses aliases, because a few of them make a huge document of a small file.
 * Checks for duplicate keys itself: the library compares each key of a map with all previous ones, which
 * takes half a minute for forty thousand.
 * @throws EdgekeepError `configuration.malformed`
 */
export function readConfigurationText(text: string): unknown {
  const document = parseDocument(text, { uniqueKeys: false, prettyErrors: false })
  const [fault] = document.errors
  if (fault) throw malformed(text, fault.pos[0], fault)
  visit(document, {
    Map(_key, { items }) {
      const names = new Set<unknown>()
      for (const { key } of items) {
        const name = isScalar(key) ? key.value : key
        if (names.has(name)) throw malformed(text, isScalar(key) ? key.range?.[0] : undefined)
        names.add(name)
      }
    },
  })
  try {
    return document.toJS({ maxAliasCount: 0 })
  } catch (error) {
    throw malformed(text, undefined, error)
  }
}

function malformed(text: string, offset: number | undefined, cause?: unknown): EdgekeepError {
  const place = offset === undefined ? undefined : { line: text.slice(0, offset).split('\n').length }
  return new EdgekeepError(
    'configuration.malformed',
    { place, reason: 'it is neither YAML nor JSON' },
    { cause },
  )
}
