import punycode from 'punycode/punycode.js'
import { parseUrl } from './rules/parse-url.ts'

type SubjectNames = Record<'dns' | 'ip' | 'email' | 'uri', readonly string[]>

const longestLabel = 63
const hostName = /^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*$/i

/**
 * A host name as people write it, `münchen.test` for `xn--mnchen-3ya.test`, where that cannot be taken for
 * another name; in every other case, and for whatever is no host name, what was given. One label that may
 * not be shown leaves the whole name as it is.
 *
 * A label may be shown when it is the one spelling of its A-label (RFC 5890, section 2.3.2.1), when its letters
 * are of scripts in everyday use that are written together (Unicode TS 39, section 5.2, "highly restrictive": one
 * script, or Latin with those of Japanese or of Korean), and when they look like no others: under a top-level
 * domain in Latin letters not every letter like a Latin one (section 4), and none that stand among Latin letters
 * like a hyphen, a slash or an O. Latin with Bopomofo, which that level would allow, is full of such letters.
 */
export function readableName(name: string): string {
  if (!/xn--/i.test(name) || !hostName.test(name)) return name
  const labels = name.toLowerCase().split('.')
  const isUnderLatin = !labels.at(-1)?.startsWith('xn--')
  const readable = labels.map((label) =>
    label.startsWith('xn--') ? readableLabel(label, isUnderLatin) : label,
  )
  return readable.every((label) => label !== null) ? readable.join('.') : name
}

/** The name with its other form after it, where there is one: `münchen.test (xn--mnchen-3ya.test)`. */
export function bothNames(name: string): string {
  const readable = readableName(name)
  return readable === name ? name : `${readable} (${name})`
}

/** All that a certificate names, as a list shows it: host names in both forms. */
export function listedNames({ dns, ip, email, uri }: SubjectNames): string[] {
  return [...dns.map(bothNames), ...ip, ...email, ...uri]
}

function readableLabel(label: string, isUnderLatin: boolean): string | null {
  const text = label.length > longestLabel ? null : decoded(label)
  // What comes back otherwise is written in a form that no client would look up.
  if (text === null || parseUrl(`http://${text}/`)?.hostname !== label) return null
  const script = scripts.find(({ all }) => all.test(text))
  if (!script || (isUnderLatin && script.latinAlike?.test(text))) return null
  return script.hasLatin && runsAmongLatin(text).some((run) => punctuationAlike.test(run)) ? null : text
}

/** What stands between the Latin letters, digits and hyphens of a label. */
function runsAmongLatin(text: string): string[] {
  return text.split(/[^\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー]+/u)
}

/** Letters that are taken for a hyphen, a slash, a bar or an O where no other of their script is beside them. */
const punctuationAlike = /^[ー一ノンソゾ丶乀乁丿丨〇]+$/u

function decoded(label: string): string | null {
  try {
    return punycode.decode(label.slice('xn--'.length))
  } catch {
    // Not Punycode (RFC 3492): the name has no other form.
    return null
  }
}

interface Script {
  /** A label of this script alone, or of those written together. Other scripts' digits look like letters and are not in it. */
  all: RegExp
  /** A label that could be taken for one in Latin letters. */
  latinAlike?: RegExp
  /** Latin letters are among them. */
  hasLatin?: true
}

/**
 * Latin letters are those of the languages of Europe and of Vietnamese, without the ones that differ from
 * an ASCII letter by nothing but a missing dot or a length (ı, ĸ).
 */
const latin = 'a-z0-9ß-öø-ÿā-ĩīĭįĳĵķĺ-ſơưșțạ-ỹ'
const japanese = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー`

function only(letters: string): RegExp {
  return new RegExp(`^[${letters}-]+$`, 'u')
}

const scripts: readonly Script[] = [
  { all: only(latin) },
  {
    all: /^[\p{Script=Cyrillic}0-9-]+$/u,
    latinAlike: /^[асԁеһіјӏорԛѕԝхуъьҽпгѵѡ0-9-]+$/u,
  },
  { all: /^[\p{Script=Greek}0-9-]+$/u, latinAlike: /^[αβγεηικνορςστυχω0-9-]+$/u },
  { all: /^[\p{Script=Armenian}0-9-]+$/u, latinAlike: /^[ագզլհյոսւռցքօղ0-9-]+$/u },
  {
    all: only(`${japanese}0-9`),
    latinAlike: /^[ー一ノ丶丿丨〇0-9-]+$/u,
  },
  { all: /^[\p{Script=Hangul}\p{Script=Han}0-9-]+$/u },
  { all: only(latin + japanese), hasLatin: true },
  { all: only(`${latin}\\p{Script=Han}가-힣`), hasLatin: true },
  { all: /^[\p{Script=Arabic}0-9-]+$/u },
  { all: /^[\p{Script=Hebrew}0-9-]+$/u },
  { all: /^[\p{Script=Georgian}0-9-]+$/u },
  { all: /^[\p{Script=Thai}0-9-]+$/u },
  { all: /^[\p{Script=Devanagari}0-9-]+$/u },
  { all: /^[\p{Script=Bengali}0-9-]+$/u },
  { all: /^[\p{Script=Gujarati}0-9-]+$/u },
  { all: /^[\p{Script=Gurmukhi}0-9-]+$/u },
  { all: /^[\p{Script=Kannada}0-9-]+$/u },
  { all: /^[\p{Script=Malayalam}0-9-]+$/u },
  { all: /^[\p{Script=Sinhala}0-9-]+$/u },
  { all: /^[\p{Script=Tamil}0-9-]+$/u },
  { all: /^[\p{Script=Telugu}0-9-]+$/u },
]
