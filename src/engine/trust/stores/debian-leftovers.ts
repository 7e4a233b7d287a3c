import { existsSync } from 'node:fs'
import { quoted } from './shell.ts'

/*
 * What Debian's update-ca-certificates leaves undone. It takes no link out of its folder for a root that was
 * removed from /usr/local, and does not tell its hooks of one, so that the hook of ca-certificates-java, which has
 * added it to the one `cacerts` of all packaged JDKs, keeps it there.
 */

const links = '/etc/ssl/certs'
const javaHook = '/etc/ca-certificates/update.d/jks-keystore'
export const debianCacerts = '/etc/ssl/certs/java/cacerts'

/** Whether the system's certificates are those of the packaged JDKs too. */
export function debianKeepsJava(): boolean {
  return existsSync(javaHook) && existsSync(debianCacerts)
}

/** The links of removed roots (names of files in the anchors' folder, without an ending), and the index of the rest. */
export function withoutLinks(removed: string[], anchors: string): string[] {
  if (removed.length === 0) return []
  const targets = removed.flatMap((name) => [quoted(`${anchors}/${name}.crt`), quoted(`${name}.pem`)])
  return [
    `for link in ${links}/*; do case "$(readlink "$link")" in ${targets.join('|')}) rm -f "$link";; esac; done`,
    `openssl rehash ${links} >/dev/null 2>&1 || true`,
  ]
}

const [FILE, BEFORE, SUMS] = ['', '.before-edgekeep', '.with-edgekeep'].map((end) => `${debianCacerts}${end}`)

/** Before an install: `cacerts` as it is. The copy is the administrator's, so that nobody can put another there. */
export const keepJava = `[ -f ${BEFORE} ] || cp -p ${FILE} ${BEFORE}`
export const noteJava = `sha256sum ${FILE} > ${SUMS}`

/** After an undo: to the byte where nobody else has changed it since, else without ours. */
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
