/** Quotes an argument for `/bin/sh`. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

/** Writes a certificate to a file; the marker cannot occur in PEM. */
export function writing(path: string, pem: string): string {
  return `cat > ${quoted(path)} <<'END_OF_CERTIFICATE'\n${pem.trimEnd()}\nEND_OF_CERTIFICATE\nchmod 644 ${quoted(path)}`
}

/**
 * Independent steps: a failure of one store leaves the others alone. Statuses are checked afterwards, since a
 * shell ignores `set -e` to the left of `||`, also within.
 */
export function oneScript(parts: { title: string; commands: string }[]): string {
  const steps = parts.map(
    ({ title, commands }) =>
      `# ${title.replaceAll('\n', ' ')}\n( set -e\n${commands}\n)\n[ $? -eq 0 ] || { echo ${quoted(`${title}: failed`)} >&2; failed=1; }`,
  )
  // polkit's dialog shows the beginning and the end of it, 80 characters in all.
  return ['# Edgekeep: commands of the plan', 'umask 022', 'failed=0', ...steps, 'exit $failed'].join('\n')
}
