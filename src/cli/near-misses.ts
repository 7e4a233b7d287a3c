import type { Command } from 'commander'
import { nearest } from '../contract/text/nearest.ts'

/** Never suggested: the person who runs one by mistake loses something. */
const destructive = new Set([
  'clear',
  'disallow',
  'end',
  'off',
  'remove',
  'restore',
  'revoke',
  'rotate',
  'undo',
  'uninstall',
])

/** Words of other programs and the commands that do the same, none of which changes what is stored. */
const meanings = new Map(
  Object.entries({
    doctor: ['check', 'status'],
    down: ['stop'],
    exit: ['stop'],
    gui: ['open'],
    halt: ['stop'],
    kill: ['stop'],
    list: ['domain list', 'cert list'],
    log: ['logs'],
    ls: ['domain list', 'cert list'],
    ps: ['status'],
    quit: ['stop'],
    run: ['up'],
    serve: ['up'],
    shutdown: ['stop'],
    start: ['up'],
    tail: ['logs'],
    ui: ['open'],
    version: ['--version'],
    view: ['inspect'],
    window: ['open'],
  }),
)

/** Acts on a domain or a certificate: which one is not said, and a guess could erase something. */
const acts = new Set(['add', 'create', 'del', 'delete', 'edit', 'install', 'new', 'remove', 'rm', 'set'])

/** The same inside a group, as far as the group has them. */
const meaningsInGroup = new Map(
  Object.entries({
    check: ['test'],
    describe: ['show', 'status'],
    get: ['show', 'status'],
    info: ['show', 'status'],
    list: ['list', 'show', 'status'],
    ls: ['list', 'show', 'status'],
    prove: ['test'],
    test: ['check'],
    verify: ['check', 'test'],
    view: ['show', 'status'],
  }),
)

/** Commands that somebody who types `word` after `command` may mean; never one that erases. */
export function commandsMeant(word: string, command: Command): string[] {
  const names = command.commands.map((each) => each.name()).filter((name) => !destructive.has(name))
  const byMeaning = command.parent
    ? (meaningsInGroup.get(word) ?? []).filter((name) => names.includes(name)).slice(0, 1)
    : (meanings.get(word) ?? [])
  if (byMeaning.length > 0) return byMeaning
  return [nearest(word, names) ?? []].flat()
}

/** Options of other programs, without hyphens, and those that a command may have for them. */
const optionMeanings = new Map(
  Object.entries({
    force: ['yes'],
    nobrowser: ['no-ui', 'no-browser'],
    noopen: ['no-browser', 'no-ui'],
    nowindow: ['no-ui', 'no-browser'],
    output: ['out'],
    passphrase: ['password'],
    passphrasestdin: ['password-stdin'],
    y: ['yes'],
  }),
)

/** Options of a command that somebody who types `flag` may mean: by their meaning, or of which it is a part. */
export function optionsMeant(flag: string, command: Command): string[] {
  const typed = flag.replace(/^--?/, '')
  const known = command.createHelp().visibleOptions(command)
  const names = known.flatMap(({ long }) => (long ? [long.slice(2)] : []))
  const meant = optionMeanings.get(typed.replaceAll('-', '')) ?? []
  const byWord = names.filter((name) => typed.length > 2 && `-${name}-`.includes(`-${typed}-`))
  const found = meant.some((each) => names.includes(each)) ? meant : byWord
  return found.filter((name) => names.includes(name)).map((name) => `--${name}`)
}

/** Sentence for an option that negates one of the command, or is what its negation turns off. */
export function negationMeant(flag: string, command: Command): string | undefined {
  const twin = flag.startsWith('--no-') ? flag.replace('--no-', '--') : flag.replace('--', '--no-')
  const option = command.options.find(({ long }) => long === twin)
  if (!option) return undefined
  return option.negate
    ? `That is so without an option; "${twin}" turns it off.`
    : `Without "${twin}" it does not, so leave the option out.`
}

/** Whether `word` is an act that several groups have a command for. */
export function isActOfGroups(word: string, command: Command): boolean {
  return command.parent === null && acts.has(word)
}
