/**
 * Suffixes that are on the HSTS preload list as a whole: a browser never speaks HTTP with a name
 * under one of them. Source: Chromium, net/http/transport_security_state_static.json, the entries
 * with the policy "public-suffix", as of its version of 2025 that has no pins any more. Firefox and
 * Safari take their lists from the same file. A suffix that joined since is only not named here.
 */
const suffixes = new Set(
  (
    'android app bank chrome dev foo gle gmail google hangout insurance meet new page play search youtube ' +
    'esq fly rsvp eat nexus ing meme phd prof boo dad day channel hotmail mov zip windows skype azure office ' +
    'bing xbox microsoft amazon audible fire imdb kindle prime silk zappos xn--cckwcxetd xn--jlq480n2rg ' +
    'fujitsu bmoattachments.org now.sh cnpy.gdn gentapps.com onavstack.net'
  ).split(' '),
)

/** Returns the preloaded suffix that `domain` (A-labels, or a wildcard) equals or ends with, or null. */
export function preloadedSuffix(domain: string): string | null {
  const labels = domain.replace(/^\*\./, '').split('.')
  for (let at = 0; at < labels.length; at += 1) {
    const suffix = labels.slice(at).join('.')
    if (suffixes.has(suffix)) return suffix
  }
  return null
}
