import { Argument, Option, type Command } from 'commander'
import { type Cli, type GlobalOptions, type Result, usageError } from '../../frame/command.ts'
import { completionScript, shells, type Shell } from '../../completion/completion-scripts.ts'

export function completionCommand(program: Command, cli: Cli): void {
  program
    .command('completion')
    .addArgument(new Argument('[shell]', 'the shell').choices(shells))
    .addOption(new Option('--domains', 'names of the domains of a running engine').hideHelp())
    .summary('print a script that completes commands in a shell')
    .description(
      'Print a script that completes commands, options and the domains of a running engine. The packages for Debian and Fedora install it.',
    )
    .addHelpText(
      'after',
      `
Examples:
  $ source <(edgekeep completion bash)     in ~/.bashrc
  $ source <(edgekeep completion zsh)      in ~/.zshrc, after compinit
  $ edgekeep completion fish | source      in ~/.config/fish/config.fish`,
    )
    .action(
      cli.answer(async (global, shell: Shell | undefined, { domains }: { domains?: boolean }) => {
        if (domains) return domainNames(global)
        if (!shell) throw usageError(`Name the shell: ${shells.join(', ')}.`)
        const script = completionScript(program, shell)
        return { data: { script }, text: script, isDocument: true }
      }),
    )
}

/** Opens no vault: a keychain could ask the person. */
async function domainNames({ home }: GlobalOptions): Promise<Result> {
  const [{ openHome }, { connectEngine }, { completedDomains }] = await Promise.all([
    import('../../../engine-process/home.ts'),
    import('../../../engine-process/connect.ts'),
    import('../../completion/completed-domains.ts'),
  ])
  const connection = await connectEngine(openHome(home))
  const domains = (await connection?.client.domains.list()) ?? []
  await connection?.close()
  const names = completedDomains(domains)
  return { data: { names }, text: names.join('\n'), isDocument: true }
}
