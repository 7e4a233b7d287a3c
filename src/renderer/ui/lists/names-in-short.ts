import { formatNumber } from '../../../contract/text/count.ts'
import { readableName } from '../../../contract/text/readable-name.ts'

/** `a.test, b.test, c.test +997`: a sentence or line holds no thousand names. */
export function namesInShort(names: readonly string[], most = 10): string {
  const shown = names.slice(0, most).map(readableName).join(', ')
  return names.length > most ? `${shown} +${formatNumber(names.length - most)}` : shown
}
