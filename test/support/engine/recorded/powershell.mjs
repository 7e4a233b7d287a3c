/*
 * Windows' PowerShell 5.1 as far as Edgekeep's scripts go: it reads what a real one would be given, acts on the two
 * root stores, which are files below RECORDED (`CurrentUser.json`, `LocalMachine.json`), and prints as .NET's
 * X509Store does. It is no PowerShell: nobody has seen these scripts on Windows. `answer` says what the person
 * answers to Windows' dialog.
 * Sources: Microsoft's X509Store, ERROR_CANCELLED (winerror.h), aspnetcore's WindowsCertificateManager.
 */
import { X509Certificate } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const state = process.env.RECORDED
const words = process.argv.slice(2)
const flags = ['-NoLogo', '-NoProfile', '-NonInteractive', '-OutputFormat', 'Text', '-EncodedCommand']
if (words.length !== 7 || flags.some((flag, index) => words[index] !== flag)) {
  process.stderr.write(`Unexpected: ${words.slice(0, 6).join(' ')}\n`)
  process.exit(64)
}
const script = Buffer.from(words[6], 'base64').toString('utf16le')
appendFileSync(join(state, 'scripts.log'), `${JSON.stringify(script)}\n`)

const load = (place) => {
  const path = join(state, `${place}.json`)
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : { Root: [], Disallowed: [] }
}
const thumbprintOf = (der) => new X509Certificate(Buffer.from(der, 'base64')).fingerprint.replaceAll(':', '')

function fail(number, words_) {
  process.stderr.write(`${number} ${words_}\r\n`)
  process.exit(1)
}

if (existsSync(join(state, 'constrained')))
  fail(
    '0x80131501',
    'Cannot invoke method. Method invocation is supported only on core types in this language mode.',
  )

const [, listed] = /Get-ChildItem \('Cert:\\(CurrentUser|LocalMachine)\\' \+ \$name\)/.exec(script) ?? []
if (listed) {
  for (const name of ['Root', 'Disallowed']) {
    const own = load(listed)[name]
    const merged =
      listed === 'CurrentUser' ? load('LocalMachine')[name].filter((each) => !own.includes(each)) : []
    for (const der of own) process.stdout.write(`${name} 1 ${der}\r\n`)
    for (const der of merged) process.stdout.write(`${name} 0 ${der}\r\n`)
  }
  process.exit(0)
}

const [, place] = /X509Store\('Root', '(CurrentUser|LocalMachine)'\)/.exec(script) ?? []
if (!place) fail('0x80131501', 'This script is not known here.')

function ask() {
  const path = join(state, 'answer')
  if (place === 'CurrentUser' && existsSync(path) && JSON.parse(readFileSync(path, 'utf8')) === 'no')
    fail('0x800704C7', 'The operation was canceled by the user.')
}

for (const line of script.split('\n')) {
  const now = load(place)
  const [, thumbprint] = /FindByThumbprint', '([0-9A-F]{40})'/.exec(line) ?? []
  const isThere = now.Root.some((der) => thumbprintOf(der) === thumbprint)
  const [, der] = /FromBase64String\('([A-Za-z0-9+/=]+)'\)/.exec(line) ?? []
  if (der && line.includes('$store.Add(') && !isThere) {
    ask()
    writeFileSync(join(state, `${place}.json`), JSON.stringify({ ...now, Root: [...now.Root, der] }))
  } else if (thumbprint && line.includes('$store.Remove(') && isThere) {
    ask()
    const rest = now.Root.filter((each) => thumbprintOf(each) !== thumbprint)
    writeFileSync(join(state, `${place}.json`), JSON.stringify({ ...now, Root: rest }))
  }
}
