import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'

/*
 * Plain language (docs/glossary.md): a comment begins with a noun phrase or a verb, a name has the trade's noun, a test
 * title has a subject or the verb of its `describe`, a log message is a subject and a participle ("OCSP request
 * failed"), and a sentence that was replaced by a plain one does not come back. The limits only ever go down.
 */

/** Places that break a rule today; a lower count fails too, until the limit is lowered with it. */
export const limits = { comments: 0, logs: 0, names: 3, retired: 0, titles: 0 }

export type Rule = keyof typeof limits
const rules: Record<Rule, string> = {
  comments: 'a comment begins with a noun phrase or a third-person verb',
  logs: 'a log message is a subject and a participle, "OCSP request failed"; the reason is a field',
  names: 'a name has the trade’s noun, see docs/glossary.md',
  retired: 'a sentence that was replaced by a plain one does not come back',
  titles: 'a test title has a subject, or the verb of its describe’s subject',
}
export interface Place {
  rule: Rule
  /** `file:line: text` */
  text: string
}

const headlessComment =
  /^(What|Of|Who|Whose|Whom|Which|Where|How|Why|As|By|With|For|To whom|From|In which|At which|On which|Told|Said|Nobody|Somebody|None)\b/
const headlessTitle =
  /^(of|in|with|by|for|to|from|as|at|on|what|who|whose|which|where|how|that|and|or|nor|none|without|under|if|(is|are) (none|nothing|nobody|no))\b/i
/** Parts of a name in camel case that the trade has a noun for. */
const everydayParts = new Set(
  'told tell tells telling said saying words patience wish wished surroundings nobody somebody kept held'.split(
    ' ',
  ),
)
const isEveryday = (name: string) =>
  name.split(/(?=[A-Z])|_/).some((part) => everydayParts.has(part.toLowerCase()))
const logCall = /\blog(?:ger)?\??\.(?:debug|info|warn|error|fatal)\(/
const finiteVerb = /\b(?:could|can|cannot|was|were|did|does|had|has|is|are|gives|goes|will)\b/
/** Phrases of docs/glossary.md's before-column, by a part that occurs in nothing else. */
const retired = [
  'calm season',
  'Last seen there. Whether it still',
  'No longer pointed names',
  'Put it in place',
  'It counts once the client itself',
  'which you get in your account',
  'cannot stand in a certificate',
  'one that this user may not listen',
  'more than any answer has',
  'holds the authority to its names',
  'certificate outside its time',
  'does not run this one by itself',
  'authority without a name',
  'no client finds any host in it',
  'one with timestamps in it',
  'not among those that may ask',
  'the log of the engine says',
  'not the one of now',
  'signs nothing any more',
  'in the list before',
  'takes a step back which is done',
]
const declaration = /\b(?:function|const|let|class|interface|type)\s+([A-Za-z_]\w*)/g
const title = /^\s*(?:test|it)(?:\.each\([^)]*\)|\.[a-z]+)*\(\s*['"`](.+?)['"`]\s*,/

/** Every place in the text of one file that breaks a rule. */
export function headlessPlaces(file: string, text: string): Place[] {
  const lines = text.split('\n')
  const isTest = file.startsWith('test/')
  return lines.flatMap((line, at) => {
    const place = (rule: Rule, found: string): Place => ({ rule, text: `${file}:${at + 1}: ${found}` })
    const comment = commentStart(line, lines[at - 1] ?? '')
    const named = isTest ? title.exec(line)?.[1] : undefined
    const names = isTest ? [] : [...line.matchAll(declaration)].flatMap(([, name = '']) => name)
    return [
      ...(comment !== undefined && headlessComment.test(comment) ? [place('comments', comment)] : []),
      ...(named !== undefined && headlessTitle.test(named) ? [place('titles', named)] : []),
      ...names.filter(isEveryday).map((name) => place('names', name)),
      ...(!file.startsWith('src/')
        ? []
        : retired.filter((phrase) => line.includes(phrase)).map((phrase) => place('retired', phrase))),
      ...logMessages(isTest ? [] : lines.slice(at, at + 5)).map((message) => place('logs', message)),
    ]
  })
}

/** Message of the log call on the first of `lines`, if it is a sentence instead of subject and participle. */
function logMessages([first = '', ...more]: string[]): string[] {
  const call = logCall.exec(first)
  if (!call) return []
  const [, message = ''] =
    /['"`]([A-Z][^'"`]{5,})['"`]/.exec([first.slice(call.index), ...more].join(' ')) ?? []
  return finiteVerb.test(message) ? [message] : []
}

/** Text of a comment that begins on `line`; undefined for code and for a comment that goes on. */
function commentStart(line: string, before: string): string | undefined {
  const block = /^\s*\/\*\*?\s*(\S.*)$/.exec(line)
  if (block) return block[1]
  if (/^\s*\/\*\*?\s*$/.test(before)) return /^\s*\*\s*(\S.*)$/.exec(line)?.[1]
  return /^\s*\/\//.test(before) ? undefined : /^\s*\/\/\s*(\S.*)$/.exec(line)?.[1]
}

function main(): void {
  const folders = ['src', 'test', 'bench', 'scripts', 'packaging', 'bin']
  const files = folders.flatMap((folder) =>
    globSync(`${folder}/**/*.{ts,tsx,mts,mjs,cjs}`, { exclude: ['**/node_modules/**'] }),
  )
  const places = files.flatMap((file) =>
    headlessPlaces(file.replaceAll('\\', '/'), readFileSync(file, 'utf8')),
  )
  for (const rule of Object.keys(limits) as Rule[]) {
    const found = places.filter((place) => place.rule === rule)
    if (found.length === limits[rule]) continue
    process.exitCode = 1
    if (found.length > limits[rule]) for (const { text } of found) console.log(text)
    console.log(
      `${rule}: ${found.length} found, ${limits[rule]} allowed (limits in scripts/language.ts): ${rules[rule]}`,
    )
  }
}

if (process.argv[1] && path.resolve(process.argv[1]) === import.meta.filename) main()
