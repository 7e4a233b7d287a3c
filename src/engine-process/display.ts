interface Surroundings {
  environment?: NodeJS.ProcessEnv
  platform?: NodeJS.Platform
}

/** Whether a window opened from here would be seen by the person at this terminal. */
export function hasDisplay({
  environment = process.env,
  platform = process.platform,
}: Surroundings = {}): boolean {
  if (platform === 'win32') return true
  if (platform === 'darwin') return !environment['SSH_CONNECTION']
  return Boolean(environment['DISPLAY'] || environment['WAYLAND_DISPLAY'])
}

/** For a person who started the desktop app as root. */
export const rootHasNoWindow =
  'The desktop app does not run as root, because its window is sandboxed; the window opens in a browser instead.'

/** Chromium and Electron refuse to run as root on Linux unless their sandbox is off, which ours never is. */
export function chromiumRefusesUser(
  platform: NodeJS.Platform = process.platform,
  userId: number | undefined = process.getuid?.(),
): boolean {
  return platform === 'linux' && userId === 0
}
