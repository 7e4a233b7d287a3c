import { type Argument, type Command, Option } from 'commander'
import type { Cli, GlobalOptions, Result, Session } from './command.ts'

/** Adds a command, or a group of them, to a program or a group. */
export type AddCommand = (parent: Command, cli: Cli) => void

/** Options of a command by their syntax in the help, `--name <value>`: what one is for, or that and more. */
export type Flags = Readonly<Record<`-${string}`, string | FlagDetails>>

interface FlagDetails {
  about: string
  choices?: readonly string[]
  default?: string
  /** Parses a value; `before` is that of an earlier occurrence. */
  parse?: (value: string, before: never) => unknown
  isRequired?: boolean
  isHidden?: boolean
  /** Name of an option that excludes this one. */
  conflicts?: string
}

/** Options as the action gets them: `--dry-run` is `dryRun?: boolean`, `--add <tag...>` is `add?: string[]`. */
export type OptionsOf<F extends Flags> = {
  -readonly [S in keyof F as IsGiven<F[S]> extends true ? NameOf<S> : never]: ValueOf<S, F>
} & { -readonly [S in keyof F as IsGiven<F[S]> extends true ? never : NameOf<S>]?: ValueOf<S, F> }

type IsGiven<D> = D extends { isRequired: true } | { default: string } ? true : false
type NameOf<S> = S extends `--no-${infer Name}` | `-${string}, --${infer Name}` | `--${infer Name}`
  ? CamelCase<FirstWord<Name>>
  : never
type FirstWord<S extends string> = S extends `${infer Word} ${string}` ? Word : S
type CamelCase<S extends string> = S extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : S
type TextOf<D> = D extends { choices: readonly (infer Choice)[] } ? Choice : string
/** `--no-path` beside `--path <path>` is false; alone it turns off what is true by default. */
type ValueOf<S extends keyof F, F> = F[S] extends { parse: (...words: never[]) => infer Value }
  ? Value
  : S extends `--no-${infer Name}`
    ? Extract<keyof F, `--${Name}` | `--${Name} ${string}`> extends never
      ? boolean
      : false
    : S extends `${string}...${string}`
      ? TextOf<F[S]>[]
      : S extends `${string} <${string}`
        ? TextOf<F[S]>
        : S extends `${string} [${string}`
          ? TextOf<F[S]> | true
          : boolean

interface Details<Run> {
  isDefault?: boolean
  /** Syntax in the help, where it is not that of the arguments. */
  usage?: string
  /** Arguments that the words of the command cannot describe. */
  args?: readonly Argument[]
  /** Line in the list of commands; by default the first sentence of `about`. */
  summary?: string
  about: string
  flags?: Flags
  /** Command lines without `edgekeep`; one of another program begins with `$`. */
  examples?: readonly string[]
  /** Text below the help, in place of examples. */
  help?: string
  run: Run
}

type ByGlobal<A extends unknown[], R> = (global: GlobalOptions, ...args: A) => Promise<R>
type BySession<A extends unknown[]> = (session: Session, ...args: A) => Promise<Result>

/** Command on the engine that may use keys and change things; see `Cli`. */
export function keys<A extends unknown[]>(words: string, details: Details<BySession<A>>): AddCommand {
  return (parent, cli) => described(parent, words, details).action(cli.keys(details.run))
}

/** Command on the engine that only reads what a locked vault has too. */
export function facts<A extends unknown[]>(words: string, details: Details<BySession<A>>): AddCommand {
  return (parent, cli) => described(parent, words, details).action(cli.facts(details.run))
}

/** Command that needs no engine, or finds it by itself. */
export function answer<A extends unknown[]>(
  words: string,
  details: Details<ByGlobal<A, Result>>,
): AddCommand {
  return (parent, cli) => described(parent, words, details).action(cli.answer(details.run))
}

/** Command that prints by itself and returns an exit status. */
export function runs<A extends unknown[]>(words: string, details: Details<ByGlobal<A, number>>): AddCommand {
  return (parent, cli) => described(parent, words, details).action(cli.run(details.run))
}

/** Commands below a common word. */
export function group(
  name: string,
  about: string,
  members: readonly AddCommand[],
  help?: string,
): AddCommand {
  return (parent, cli) => {
    const made = parent.command(name).description(about)
    if (help !== undefined) made.addHelpText('after', help)
    all(members)(made, cli)
  }
}

/** Commands side by side. */
export function all(members: readonly AddCommand[]): AddCommand {
  return (parent, cli) => {
    for (const add of members) add(parent, cli)
  }
}

function described(parent: Command, words: string, details: Details<unknown>): Command {
  const { isDefault = false, usage, args = [], summary, about, flags = {}, examples = [], help } = details
  const made = parent.command(words, { isDefault }).description(about)
  for (const argument of args) made.addArgument(argument)
  for (const [syntax, flag] of Object.entries(flags)) made.addOption(optionOf(syntax, flag))
  if (usage !== undefined) made.usage(usage)
  if (summary !== undefined) made.summary(summary)
  const lines = examples.map((example) => (example.startsWith('$') ? example : `$ edgekeep ${example}`))
  const heading = lines.length === 1 ? 'Example' : 'Examples'
  return made.addHelpText('after', help ?? (lines.length > 0 ? `\n${heading}:\n  ${lines.join('\n  ')}` : ''))
}

function optionOf(syntax: string, flag: string | FlagDetails): Option {
  const details: FlagDetails = typeof flag === 'string' ? { about: flag } : flag
  const option = new Option(syntax, details.about)
  if (details.choices) option.choices([...details.choices])
  if (details.default !== undefined) option.default(details.default)
  if (details.parse) option.argParser(details.parse as (value: string, before: unknown) => unknown)
  if (details.isRequired) option.makeOptionMandatory()
  if (details.isHidden) option.hideHelp()
  return details.conflicts === undefined ? option : option.conflicts(details.conflicts)
}
