/** A word of a command line for `/bin/sh`, whatever is in it. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

/** Writes a certificate as a file; the marker cannot be in PEM. */
export function writing(path: string, pem: string): string {
  return `cat > ${quoted(path)} <<'END_OF_CERTIFICATE'\n${pem.trimEnd()}\nEND_OF_CERTIFICATE\nchmod 644 ${quoted(path)}`
}

/**
 * Each store's commands on their own, so that one that fails leaves the others alone. Its status is looked at
 * afterwards: to the left of `||` a shell ignores `set -e`, also within.
 */
export function oneScript(parts: { title: string; commands: string }[]): string {
  const steps = parts.map(
    ({ title, commands }) =>
      `# ${title.replaceAll('\n', ' ')}\n( set -e\n${commands}\n)\n[ $? -eq 0 ] || { echo ${quoted(`${title}: failed`)} >&2; failed=1; }`,
  )
  // polkit's dialog shows the beginning and the end of it, 80 characters in all.
  return ['# Edgekeep: what it showed', 'umask 022', 'failed=0', ...steps, 'exit $failed'].join('\n')
}
