import { spawnSync } from 'node:child_process'
import path from 'node:path'

/*
 * Renders the tray icons: one for each state, distinguished by shape, in dark ink, light ink and as macOS's
 * template image, each also at twice the size. Needs rsvg-convert (Debian: librsvg2-bin). Run it manually
 * when a shape changes, and commit the output.
 */

const iconSize = 22
const inks = { '-dark': '#1f2430', '-light': '#f4f5f9', Template: '#000000' }
/**
 * A rim of the other ink: the panel may be dark while windows are light, as in GNOME and Windows, and neither
 * reports it. macOS colours a template image itself.
 */
const rims: Record<string, string> = { '-dark': inks['-light'], '-light': inks['-dark'] }
const rimmed = (shape: string, rim: string | undefined) =>
  rim === undefined
    ? shape
    : '<filter id="rim" x="0" y="0" width="22" height="22" filterUnits="userSpaceOnUse">' +
      '<feMorphology in="SourceAlpha" operator="dilate" radius="1" result="wider"/>' +
      `<feFlood flood-color="${rim}" flood-opacity="0.9"/><feComposite operator="in" in2="wider" result="rim"/>` +
      '<feMerge><feMergeNode in="rim"/><feMergeNode in="SourceGraphic"/></feMerge></filter>' +
      `<g filter="url(#rim)">${shape}</g>`

/** On a grid of 22: the castle keep, filled or as an outline, and the state's sign at its lower right. */
const keep = 'M3 3h3.2v2.6h2.2V3h3.2v2.6h2.2V3H17v5.4l-2 1.7V15h1v3H4v-3h1v-4.9L3 8.4z'
const outline = `<path d="${keep}" fill="none" stroke="INK" stroke-width="1.5" stroke-linejoin="round"/>`
const whole = `<path d="${keep}" fill="INK" stroke="INK" stroke-width="1" stroke-linejoin="round"/>`
/** Cuts a hole for the sign into the keep. */
const masked = (hole: string, sign: string) =>
  `<mask id="m"><rect width="22" height="22" fill="#fff"/>${hole}</mask><g mask="url(#m)">${whole}</g>${sign}`

const shapes: Record<string, string> = {
  serving: masked(
    '<path d="M7.6 11.4l2 2.1 3.2-3.8" fill="none" stroke="#000" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/>',
    '',
  ),
  idle: outline,
  paused: masked(
    '<rect x="10" y="9.5" width="12" height="12.5" fill="#000"/>',
    '<rect x="12" y="11.5" width="3" height="9" rx="1" fill="INK"/><rect x="17" y="11.5" width="3" height="9" rx="1" fill="INK"/>',
  ),
  locked:
    '<rect x="3.5" y="9.5" width="15" height="10.5" rx="2.2" fill="INK"/><path d="M6.8 9.5V7a4.2 4.2 0 0 1 8.4 0v2.5" fill="none" stroke="INK" stroke-width="2.2"/>',
  trouble: masked(
    '<path d="M15 6.5l8 15.5H7z" fill="#000"/>',
    '<path d="M15 9.2l6 11.3H9z" fill="none" stroke="INK" stroke-width="1.6" stroke-linejoin="round"/><rect x="14.2" y="12.8" width="1.7" height="3.6" rx=".8" fill="INK"/><circle cx="15.05" cy="18.2" r="1" fill="INK"/>',
  ),
}

for (const [state, shape] of Object.entries(shapes)) {
  for (const [suffix, colour] of Object.entries(inks)) {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 22 22">${rimmed(shape.replaceAll('INK', colour), rims[suffix])}</svg>`
    for (const [times, mark] of [
      [1, ''],
      [2, '@2x'],
    ] as const) {
      const file = path.join('resources', 'tray', `${state}${suffix}${mark}.png`)
      const size = String(iconSize * times)
      const run = spawnSync('rsvg-convert', ['-w', size, '-h', size, '-o', file], {
        input: svg,
        stdio: ['pipe', 'inherit', 'inherit'],
      })
      if (run.status !== 0)
        throw new Error(`rsvg-convert failed for ${file}: ${run.error?.message ?? run.status}`)
    }
  }
}
