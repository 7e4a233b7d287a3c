import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'

const samples: [name: string, file: string, text: string, rule: string][] = [
  ['any', 'src/any.ts', 'export const x: any = 1\n', 'no-explicit-any'],
  ['an empty catch', 'src/catch.ts', 'try {\n  go()\n} catch {}\nfunction go(): void {}\n', 'no-empty'],
  ['an empty function', 'src/nothing.ts', 'export function nothing() {}\n', 'no-empty-function'],
  ['console in src', 'src/loud.ts', "console.log('x')\n", 'no-console'],
  ['a circle', 'src/one.ts', "import { two } from './two.ts'\nexport const one = two\n", 'no-cycle'],
  [
    'a promise left alone',
    'src/floating.ts',
    'export function go() {\n  Promise.resolve(1)\n}\n',
    'no-floating-promises',
  ],
  [
    'a suppressed type error',
    'src/suppressed.ts',
    '// @ts-ignore\nexport const x: string = 1\n',
    'ban-ts-comment',
  ],
  [
    'HTML from data',
    'src/renderer/html.tsx',
    'export const X = () => <b dangerouslySetInnerHTML={{ __html: "x" }} />\n',
    'no-danger',
  ],
  [
    'a picture without words',
    'src/renderer/picture.tsx',
    'export const X = () => <img src="x" />\n',
    'alt-text',
  ],
  [
    'a test left alone',
    'test/only.test.ts',
    "import { it } from 'vitest'\nit.only('works', () => {})\n",
    'no-focused-tests',
  ],
  ['a constant in capitals', 'src/capitals.ts', 'export const MAX_BYTES = 1\n', 'id-match'],
  [
    'a peer’s certificate as an object',
    'src/peer.ts',
    "import type { TLSSocket } from 'node:tls'\nexport const at = (s: TLSSocket) => s.getPeerCertificate(true)\n",
    'no-restricted-properties',
  ],
  [
    'a method that makes one, by its name',
    'test/peer.ts',
    "import type { TLSSocket } from 'node:tls'\nexport const at = (s: TLSSocket) => s['getPeerCertificate']()\n",
    'no-restricted-properties',
  ],
  [
    'a method that makes one, taken out',
    'src/client/taken.ts',
    "import type { TLSSocket } from 'node:tls'\nexport const at = ({ getPeerCertificate }: TLSSocket) => getPeerCertificate\n",
    'no-restricted-properties',
  ],
  [
    'a certificate as an object',
    'src/client/legacy.ts',
    "import type { X509Certificate } from 'node:crypto'\nexport const at = (s: X509Certificate) => s.toLegacyObject()\n",
    'no-restricted-properties',
  ],
  [
    'the own certificate as an object',
    'bench/own.ts',
    "import type { TLSSocket } from 'node:tls'\nexport const at = (s: TLSSocket) => s.getCertificate()\n",
    'no-restricted-properties',
  ],
  ['an unused variable', 'src/unused.ts', 'const left = 1\n', 'no-unused-vars'],
]

const tree = mkdtempSync(path.join(tmpdir(), 'edgekeep-lint-'))
afterAll(() => rmSync(tree, { recursive: true }))

function write(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(tree, file)), { recursive: true })
  writeFileSync(path.join(tree, file), text)
}

/** The rules that the repository's configuration finds broken, by file of the temporary tree. */
function lint(): Map<string, string[]> {
  for (const [, file, text] of samples) write(file, text)
  write('src/two.ts', "import { one } from './one.ts'\nexport const two = one\n")
  write('src/cli/output/output.ts', "console.log('x')\n")
  write('tsconfig.json', '{ "compilerOptions": { "strict": true, "jsx": "preserve" } }')
  // Paths in overrides count from the folder of the configuration, so it lies in the tree it judges.
  copyFileSync('.oxlintrc.json', path.join(tree, '.oxlintrc.json'))
  const run = spawnSync(path.resolve('node_modules/.bin/oxlint'), ['--format', 'json', '.'], {
    cwd: tree,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  const broken = new Map<string, string[]>()
  for (const { filename, code } of (JSON.parse(run.stdout) as { diagnostics: Diagnostic[] }).diagnostics) {
    broken.set(filename, [...(broken.get(filename) ?? []), code])
  }
  return broken
}
interface Diagnostic {
  filename: string
  code: string
}

describe('the linter', () => {
  const broken = lint()
  const rulesIn = (file: string) => broken.get(file)?.join() ?? 'nothing'

  test.each(samples)('refuses %s', (_name, file, _text, rule) => {
    expect(rulesIn(file)).toContain(`(${rule})`)
  })

  test('lets the command line write its answers', () => {
    expect(rulesIn('src/cli/output/output.ts')).toBe('nothing')
  })
})
