import { type AddCommand, answer } from '../../frame/declare.ts'
import { Argument } from 'commander'
import { type GlobalOptions, type Result, usageError } from '../../frame/command.ts'
import { completionScript, shells, type Shell } from '../../completion/completion-scripts.ts'

export const completionCommand: AddCommand = (program, cli) =>
  answer('completion', {
    args: [new Argument('[shell]', 'the shell').choices(shells)],
    summary: 'print a script that completes commands in a shell',
    about:
      'Print a script that completes commands, options and the domains of a running engine. The packages for Debian and Fedora install it.',
    flags: { '--domains': { about: 'names of the domains of a running engine', isHidden: true } },
    examples: [
      '$ source <(edgekeep completion bash)     in ~/.bashrc',
      '$ source <(edgekeep completion zsh)      in ~/.zshrc, after compinit',
      'completion fish | source      in ~/.config/fish/config.fish',
    ],
    run: async (global, shell: Shell | undefined, { domains }: { domains?: boolean }) => {
      if (domains) return domainNames(global)
      if (!shell) throw usageError(`Name the shell: ${shells.join(', ')}.`)
      const script = completionScript(program, shell)
      return { data: { script }, text: script, isDocument: true }
    },
  })(program, cli)

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
