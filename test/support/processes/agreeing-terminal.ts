import { PassThrough } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { vi } from 'vitest'

/** Terminal at which a person answers `y`, or what is given; `shown` collects what stands on it, and a question is a line. */
export function agreeingTerminal(answer = 'y') {
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => input })
  const output = Object.assign(new PassThrough(), { isTTY: true, hasColors: () => false })
  let shown = ''
  let answered = 0
  output.setEncoding('utf8').on('data', (text: string) => {
    shown += text
    const questions = questionsIn(shown).length
    for (; answered < questions; answered += 1) input.write(`${answer}\r`)
  })
  vi.spyOn(process, 'stdin', 'get').mockReturnValue(input as never)
  vi.spyOn(process, 'stderr', 'get').mockReturnValue(output as never)
  return { shown: () => shown, questions: () => questionsIn(shown) }
}

function questionsIn(shown: string): string[] {
  return stripVTControlCharacters(shown).match(/[A-Z][\w. ]+\? \[y\/N\]/g) ?? []
}
