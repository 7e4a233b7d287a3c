/** What the entry of the app in a desktop's menu can ask for besides the window. */
export type DesktopAction = 'inspector' | 'pause-https'

/** By single words: Chromium takes a switch and its value apart when it hands over a second start. */
const switches = new Map<string, DesktopAction>([
  ['--inspector', 'inspector'],
  ['--pause-https', 'pause-https'],
])

/** What the command line `argv` asks for; null for the window, as it is. */
export function actionOf(argv: readonly string[]): DesktopAction | null {
  const word = argv.find((argument) => switches.has(argument))
  return word === undefined ? null : (switches.get(word) ?? null)
}
