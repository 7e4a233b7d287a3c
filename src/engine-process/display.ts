interface HostEnvironment {
  environment?: NodeJS.ProcessEnv
  platform?: NodeJS.Platform
}

/** Whether the person at this terminal would see a window. */
export function hasDisplay({
  environment = process.env,
  platform = process.platform,
}: HostEnvironment = {}): boolean {
  if (platform === 'win32') return true
  if (platform === 'darwin') return !environment['SSH_CONNECTION']
  return Boolean(environment['DISPLAY'] || environment['WAYLAND_DISPLAY'])
}

export const rootHasNoWindow =
  'The desktop app does not run as root, because its window is sandboxed; the window opens in a browser instead.'

/** Root on Linux: Chromium and Electron refuse it unless their sandbox is off, which it never is here. */
export function chromiumRefusesUser(
  platform: NodeJS.Platform = process.platform,
  userId: number | undefined = process.getuid?.(),
): boolean {
  return platform === 'linux' && userId === 0
}
