export const formats = ['shell', 'envrc', 'systemd', 'docker', 'fish'] as const
export type EnvironmentFormat = (typeof formats)[number]

interface Variable {
  name: string
  value: string
  reads: string
}

/** The variables as a shell, an `.envrc`, a unit file, or a `docker run` line takes them. */
export function environmentText(variables: Variable[], format: EnvironmentFormat): string {
  switch (format) {
    case 'shell':
    case 'envrc':
      return variables
        .map(({ name, value, reads }) => `export ${name}=${single(value)} # ${reads}`)
        .join('\n')
    case 'fish':
      return variables.map(({ name, value }) => `set -gx ${name} ${single(value)}`).join('\n')
    case 'systemd':
      return variables.map(({ name, value }) => `Environment=${double(`${name}=${value}`)}`).join('\n')
    case 'docker':
      return docker(variables)
  }
}

const IN_CONTAINER = '/edgekeep-trust'

/** The folder of the bundle is mounted, and the variables lead to where it is inside. */
function docker(variables: Variable[]): string {
  const folder = variables[0]?.value.slice(0, variables[0].value.lastIndexOf('/')) ?? ''
  const inside = ({ name, value }: Variable) => `--env ${name}=${single(value.replace(folder, IN_CONTAINER))}`
  return [`--volume ${single(`${folder}:${IN_CONTAINER}:ro`)}`, ...variables.map(inside)].join(' ')
}

function single(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`
}

/** systemd.exec(5): quotes, with backslashes, and `%` doubled. */
function double(value: string): string {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%')}"`
}
