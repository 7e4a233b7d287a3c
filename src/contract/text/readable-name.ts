import punycode from 'punycode/punycode.js'
import { parseUrl } from './parse-url.ts'

type SubjectNames = Record<'dns' | 'ip' | 'email' | 'uri', readonly string[]>

const longestLabel = 63
const hostName = /^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*$/i

/**
 * Host name in U-labels, `münchen.test` for `xn--mnchen-3ya.test`, if it cannot be taken for another name;
 * else the input, also for text that is no host name. One unsafe label leaves the whole name in A-labels.
 *
 * A label is safe if it is the one spelling of its A-label (RFC 5890, section 2.3.2.1), if its letters are of
 * scripts in everyday use that are written together (Unicode TS 39, section 5.2, "highly restrictive": one
 * script, or Latin with those of Japanese or of Korean), and if they look like no others: under a top-level
 * domain in Latin letters not every letter like a Latin one or a digit (section 4), and no letter among Latin
 * ones like one of them, a hyphen or a slash. Latin with Bopomofo, which that level would allow, has many
 * such letters.
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

/** Name with its other form, if there is one: `münchen.test (xn--mnchen-3ya.test)`. */
export function bothNames(name: string): string {
  const readable = readableName(name)
  return readable === name ? name : `${readable} (${name})`
}

/** Text for people, such as a list of names or a changed value, with each host name in it in U-labels. */
export function readableText(text: string): string {
  return /xn--/i.test(text) ? text.replaceAll(/[\w.*%-]+/g, readableRun) : text
}

/** A sentence may end with the name. */
function readableRun(run: string): string {
  return run.endsWith('.') ? `${readableName(run.slice(0, -1))}.` : readableName(run)
}

/** URL with its host in U-labels. Path and query stay as they were sent. */
export function readableUrl(url: string): string {
  return /xn--/i.test(url) ? url.replace(/^https?:\/\/[^/?#]*/i, readableText) : url
}

/** All names of a certificate for a list: host names in both forms. */
export function listedNames({ dns, ip, email, uri }: SubjectNames): string[] {
  return [...dns.map(bothNames), ...ip, ...email, ...uri]
}

function readableLabel(label: string, isUnderLatin: boolean): string | null {
  const text = label.length > longestLabel ? null : decoded(label)
  // A label that does not round-trip is in a form that no client would look up.
  if (text === null || parseUrl(`http://${text}/`)?.hostname !== label) return null
  const script = scripts.find(({ letters }) => consistsOf(text, letters))
  if (!script || strayLongVowel.test(text)) return null
  if (script.letters.includes(latin)) return runsAmongLatin(text).some((run) => alike.test(run)) ? null : text
  return isUnderLatin && (script.latinAlike?.test(text) || isLikeANumber(text)) ? null : text
}

/**
 * Digits of a script, or one letter of it among ASCII digits, can be mistaken for a number in ASCII digits.
 */
function isLikeANumber(text: string): boolean {
  const [first, second] = text.match(/\p{L}/gu) ?? []
  if (first === undefined) return true
  return second === undefined && digit.test(text) && !eastAsian.test(first)
}

function consistsOf(text: string, letters: readonly RegExp[]): boolean {
  return Array.from(text).every((letter) => letter === '-' || letters.some((known) => known.test(letter)))
}

/** Splits a label into its runs beside Latin letters, digits and hyphens. */
function runsAmongLatin(text: string): string[] {
  return text.split(/[^\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー]+/u)
}

/**
 * Letters that look like a Latin one, a hyphen, a slash or a bar without another of their script beside them.
 */
const alike = /^[ー一ノンソゾエトニヘへ丶乀乁丿丨〇七丁丄丅丆丩丫乂乙乚乛十卜口囗二工讠]+$/u

/** The long vowel mark follows kana; elsewhere it looks like a hyphen or "one". */
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
  /** Characters, hyphens aside, of labels in this script or in scripts written together. */
  letters: readonly RegExp[]
  /** Matches a label that looks like one in Latin letters. */
  latinAlike?: RegExp
}

/**
 * Letters of the languages of Europe and of Vietnamese, without those that differ from an ASCII letter only
 * by a missing dot or a length (ı, ĸ).
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
