import { existsSync } from 'node:fs'
import { quoted } from '../../../platform/commands/shell.ts'

/*
 * Debian's update-ca-certificates leaves two things undone: it does not remove the link of a root that was
 * removed from /usr/local, and does not report it to its hooks, so that the hook of ca-certificates-java
 * keeps the root in the `cacerts` that all packaged JDKs share.
 */

const links = '/etc/ssl/certs'
const javaHook = '/etc/ca-certificates/update.d/jks-keystore'
export const debianCacerts = '/etc/ssl/certs/java/cacerts'

/** Whether Debian keeps the packaged JDKs in step with the system's certificates. */
export function debianKeepsJava(): boolean {
  return existsSync(javaHook) && existsSync(debianCacerts)
}

/** Removes the links of removed roots (file names in the anchors' folder, without extension) and rehashes. */
export function withoutLinks(removed: string[], anchors: string): string[] {
  if (removed.length === 0) return []
  const targets = removed.flatMap((name) => [quoted(`${anchors}/${name}.crt`), quoted(`${name}.pem`)])
  return [
    `for link in ${links}/*; do case "$(readlink "$link")" in ${targets.join('|')}) rm -f "$link";; esac; done`,
    `openssl rehash ${links} >/dev/null 2>&1 || true`,
  ]
}

const [FILE, BEFORE, SUMS] = ['', '.before-edgekeep', '.with-edgekeep'].map((end) => `${debianCacerts}${end}`)

/** Copies `cacerts` before an install. Only the administrator can write the copy. */
export const keepJava = `[ -f ${BEFORE} ] || cp -p ${FILE} ${BEFORE}`
export const noteJava = `sha256sum ${FILE} > ${SUMS}`

/** Restores it byte for byte if nobody else has changed it, else deletes Edgekeep's roots from it. */
export function restoreJava(removed: string[]): string[] {
  const deleted = removed.map(
    (name) =>
      `keytool -delete -alias debian:${name}.pem -keystore ${FILE} -storepass changeit >/dev/null 2>&1 || true`,
  )
  return [
    `if [ -f ${BEFORE} ] && sha256sum --status -c ${SUMS}; then cat ${BEFORE} > ${FILE}; else`,
    ...(deleted.length > 0 ? deleted : [':']),
    'fi',
    `rm -f ${BEFORE} ${SUMS}`,
  ]
}
