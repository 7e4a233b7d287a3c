import '../engine/desktop-bridge.ts'

/** The guide that comes with this edition: in a window of the desktop app, or in a tab beside this one. */
export function openGuide(): void {
  const desktop = window.edgekeepDesktop
  if (desktop) desktop.showGuide()
  else window.open('guide/index.html', '_blank', 'noopener')
}
