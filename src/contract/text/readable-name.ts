import punycode from 'punycode/punycode.js'
import { parseUrl } from './parse-url.ts'

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
 * domain in Latin letters not every letter like a Latin one or a digit (section 4), and none that stand among Latin
 * letters like one of them, a hyphen or a slash. Latin with Bopomofo, which that level would allow, is full of such
 * letters.
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
  const script = scripts.find(({ letters }) => consistsOf(text, letters))
  if (!script || strayLongVowel.test(text)) return null
  if (script.letters.includes(latin)) return runsAmongLatin(text).some((run) => alike.test(run)) ? null : text
  return isUnderLatin && (script.latinAlike?.test(text) || isLikeANumber(text)) ? null : text
}

/** Digits of a script, or one letter of it among ASCII digits, are taken for a number in ASCII digits. */
function isLikeANumber(text: string): boolean {
  const [first, second] = text.match(/\p{L}/gu) ?? []
  if (first === undefined) return true
  return second === undefined && digit.test(text) && !eastAsian.test(first)
}

function consistsOf(text: string, letters: readonly RegExp[]): boolean {
  return Array.from(text).every((letter) => letter === '-' || letters.some((known) => known.test(letter)))
}

/** What stands between the Latin letters, digits and hyphens of a label. */
function runsAmongLatin(text: string): string[] {
  return text.split(/[^\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー]+/u)
}

/** Letters that are taken for a Latin one, a hyphen, a slash or a bar where no other of their script is beside them. */
const alike = /^[ー一ノンソゾエトニヘへ丶乀乁丿丨〇七丁丄丅丆丩丫乂乙乚乛十卜口囗二工讠]+$/u

/** The mark of a long vowel stands after kana; elsewhere it is taken for a hyphen or for "one". */
const strayLongVowel = /(?<![\p{Script=Hiragana}\p{Script=Katakana}ー])ー/u

function decoded(label: string): string | null {
  try {
    return punycode.decode(label.slice('xn--'.length))
  } catch {
    // Not Punycode (RFC 3492): the name has no other form.
    return null
  }
}

interface Script {
  /** The characters, hyphens aside, that a label of this script alone has, or of those written together. */
  letters: readonly RegExp[]
  /** A label that could be taken for one in Latin letters. */
  latinAlike?: RegExp
}

/**
 * Those of the languages of Europe and of Vietnamese, without the ones that differ from an ASCII letter by
 * nothing but a missing dot or a length (ı, ĸ).
 */
const latin = /[a-z0-9ß-öø-ÿā-ĩīĭįĳĵķĺ-ſơưșțạ-ỹ]/u
const japanese = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]/u
const syllablesAndHan = /[\p{Script=Han}가-힣]/u
/** No letter of these looks like a digit. */
const eastAsian = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u
/** Other scripts' digits look like letters. */
const digit = /[0-9]/

const scripts: readonly Script[] = [
  { letters: [latin] },
  {
    letters: [/\p{Script=Cyrillic}/u, digit],
    latinAlike: /^[аысԁеԍһіюјӏорԗԛѕԝхуъьҽпгѵѡ0-9-]+$/u,
  },
  { letters: [/\p{Script=Greek}/u, digit], latinAlike: /^[αβγεηικνορςστυχω0-9-]+$/u },
  { letters: [/\p{Script=Armenian}/u, digit], latinAlike: /^[ագզլհյոսւռցքօղ0-9-]+$/u },
  {
    letters: [japanese, digit],
    latinAlike: /^[ー一ノ丶丿丨〇0-9-]+$/u,
  },
  { letters: [/[\p{Script=Hangul}\p{Script=Han}]/u, digit] },
  { letters: [latin, japanese] },
  { letters: [latin, syllablesAndHan] },
  { letters: [/\p{Script=Arabic}/u, digit] },
  { letters: [/\p{Script=Hebrew}/u, digit], latinAlike: /^[דוחיןסװײ0-9-]+$/u },
  { letters: [/\p{Script=Georgian}/u, digit], latinAlike: /^[იოყძხჽჿ0-9-]+$/u },
  { letters: [/\p{Script=Thai}/u, digit], latinAlike: /^[ดทนบปพฟมรลหเแ๐0-9-]+$/u },
  { letters: [/\p{Script=Devanagari}/u, digit] },
  { letters: [/\p{Script=Bengali}/u, digit] },
  { letters: [/\p{Script=Gujarati}/u, digit] },
  { letters: [/\p{Script=Gurmukhi}/u, digit] },
  { letters: [/\p{Script=Kannada}/u, digit] },
  { letters: [/\p{Script=Malayalam}/u, digit], latinAlike: /^[ടഠധനറ0-9-]+$/u },
  { letters: [/\p{Script=Sinhala}/u, digit] },
  { letters: [/\p{Script=Tamil}/u, digit] },
  { letters: [/\p{Script=Telugu}/u, digit] },
]
