import { quoted } from '../../../platform/commands/shell.ts'
import { runArguments, type Variable } from '../container/container-environment.ts'

export const formats = ['shell', 'envrc', 'systemd', 'docker', 'dockerfile', 'fish'] as const
export type EnvironmentFormat = (typeof formats)[number]

/** The variables in the syntax of a shell, an `.envrc`, a unit file, `docker run` or a Dockerfile. */
export function environmentText(variables: Variable[], format: EnvironmentFormat): string {
  switch (format) {
    case 'shell':
    case 'envrc':
      return variables
        .map(({ name, value, reads }) => `export ${name}=${quoted(value)} # ${reads}`)
        .join('\n')
    case 'fish':
      return variables.map(({ name, value }) => `set -gx ${name} ${quoted(value)}`).join('\n')
    case 'systemd':
      return variables.map(({ name, value }) => `Environment=${double(`${name}=${value}`)}`).join('\n')
    case 'docker':
      return runArguments(variables)
    case 'dockerfile':
      return dockerfile(variables)
  }
}

/**
 * Dockerfile lines for an image, which gets the root alone: the bundle has this computer's trust anchors, and
 * an image has its own. The first lines work on any distribution with one of the two commands; the variables
 * are for programs that ignore the system store.
 */
function dockerfile(variables: Variable[]): string {
  const root = '/usr/local/share/ca-certificates/edgekeep.crt'
  const besideTheirOwn = variables.filter(({ name }) => ['NODE_EXTRA_CA_CERTS', 'DENO_CERT'].includes(name))
  return [
    '# First, beside the Dockerfile: edgekeep authority export --out edgekeep-root.pem',
    `COPY edgekeep-root.pem ${root}`,
    'RUN if command -v update-ca-certificates >/dev/null; then update-ca-certificates; \\',
    `    else cp ${root} /etc/pki/ca-trust/source/anchors/edgekeep.pem && update-ca-trust extract; fi`,
    ...besideTheirOwn.map(({ name }) => `ENV ${name}=${root}`),
  ].join('\n')
}

/** systemd.exec(5): quotes, with backslashes, and `%` doubled. */
function double(value: string): string {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%')}"`
}
