import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import path from 'node:path'

export interface Screen {
  display: string
  /** Presses keys by xdotool's names: `ctrl+l`, `Return`. */
  keys(...names: string[]): void
  type(text: string): void
  /** Saves a screenshot in `test-results/pictures`. */
  picture(name: string): void
  /** X11 class of the first window whose name begins with `windowName`. */
  classOf(windowName: string): string
  /** Waits for a window by a part of its name. */
  see(windowName: string): void
  /** Gives a window the keyboard focus. */
  activate(windowName: string): void
  end(): void
}

export async function openScreen(size = '1280x900x24'): Promise<Screen> {
  const server = spawn('Xvfb', ['-displayfd', '1', '-screen', '0', size, '-nolisten', 'tcp', '-ac'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const number = await new Promise<string>((resolve, reject) => {
    server.stdout.setEncoding('utf8').once('data', (text: string) => resolve(text.trim()))
    server.once('error', reject)
  })
  const display = `:${number}`
  const env = { ...process.env, DISPLAY: display }
  const run = (command: string, ...words: string[]) => execFileSync(command, words, { env, encoding: 'utf8' })
  const folder = path.resolve('test-results', 'pictures')
  mkdirSync(folder, { recursive: true })
  return {
    display,
    keys: (...names) => void run('xdotool', 'key', '--delay', '60', ...names),
    type: (text) => void run('xdotool', 'type', '--delay', '40', text),
    picture: (name) => void run('import', '-window', 'root', path.join(folder, `${name}.png`)),
    classOf(name) {
      const [id = ''] = run('xdotool', 'search', '--onlyvisible', '--name', name).split('\n')
      return run('xprop', '-id', id, 'WM_CLASS').trim()
    },
    see: (name) => void run('timeout', '60', 'xdotool', 'search', '--sync', '--onlyvisible', '--name', name),
    activate: (name) =>
      void run(
        'timeout',
        '20',
        'xdotool',
        'search',
        '--onlyvisible',
        '--name',
        name,
        'windowactivate',
        '--sync',
      ),
    end: () => void server.kill(),
  }
}
