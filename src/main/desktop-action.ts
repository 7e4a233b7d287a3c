/** Action of the app's entry in a desktop's menu, besides opening the window. */
export type DesktopAction = 'inspector' | 'pause-https'

/** Switches without values: Chromium separates a switch from its value when it forwards a second start. */
const switches = new Map<string, DesktopAction>([
  ['--inspector', 'inspector'],
  ['--pause-https', 'pause-https'],
])

/** Action on the command line `argv`; null to open the window only. */
export function actionOf(argv: readonly string[]): DesktopAction | null {
  const word = argv.find((argument) => switches.has(argument))
  return word === undefined ? null : (switches.get(word) ?? null)
}
