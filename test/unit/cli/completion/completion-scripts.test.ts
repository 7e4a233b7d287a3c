import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { completedDomains } from '../../../../src/cli/completion/completed-domains.ts'
import { completionScript, shells } from '../../../../src/cli/completion/completion-scripts.ts'
import { createProgram } from '../../../../src/cli/program.ts'
import { readableName } from '../../../../src/contract/text/readable-name.ts'
import { absent, posixOnly, unless } from '../../../support/needs.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

const program = createProgram(() => undefined)
const standIn = 'test "$*" = "completion --domains" && printf "shop.test\\napi.test\\n"'

/** Completions of the last of `words` in bash. */
function completed(...words: string[]): string[] {
  const line = words.map((word) => `'${word}'`).join(' ')
  const script = `${completionScript(program, 'bash')}
    edgekeep() { ${standIn}; }
    COMP_WORDS=(edgekeep ${line}); COMP_CWORD=${words.length}; _edgekeep; printf '%s\\n' "\${COMPREPLY[@]}"`
  return execFileSync('bash', ['-c', script], { encoding: 'utf8' }).split('\n').filter(Boolean)
}

describe('the completion for bash', posixOnly, () => {
  test.each([
    ['commands by their start', ['res'], ['restore', 'restart']],
    ['the commands of a group', ['origin', 'backup', ''], ['add', 'remove', 'help']],
    ['options after a dash', ['redirect', 'a.test', 'https', '--c'], ['--code']],
    ['the choices of an option', ['cert', 'export', 'shop', '--format', 'p'], ['pem', 'p7b']],
    ['the choices of an argument', ['redirect', 'a.test', 'h'], ['https', 'http']],
    ['names of domains', ['domain', 'show', ''], ['shop.test', 'api.test']],
    ['nothing where a file belongs, which the shell completes', ['inspect', 'full'], []],
  ])('has %s', (_what, words, found) => {
    expect(completed(...words)).toEqual(found)
  })

  test('evaluates and globs no name', () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'a.shop.test'), '')
    const names = ['$(touch${IFS}ran)x', '`touch${IFS}ran`', '*.shop.test', '$HOME', '~']
    writeFileSync(join(folder, 'names'), `${names.join('\n')}\n`)
    writeFileSync(join(folder, 'script'), completionScript(program, 'bash'))
    const pressesTab = `source ./script; edgekeep() { cat names; }
      COMP_WORDS=(edgekeep check ''); COMP_CWORD=2; _edgekeep; printf '%s\\n' "\${COMPREPLY[@]}"`
    const shown = execFileSync('bash', ['-c', pressesTab], { cwd: folder, encoding: 'utf8' })
    expect(shown.split('\n').filter(Boolean)).toEqual(names)
    expect(existsSync(join(folder, 'ran'))).toBe(false)
  })
})

test('names that are no domains are not completed', () => {
  const names = ['*.shop.test', 'xn--mnchen-3ya.test', '$(id)x', '-y.test', 'a b', 'x;y.test', '`id`.test']
  const domains = names.map((name) => ({ name, displayName: readableName(name) }))
  expect(completedDomains(domains)).toEqual(['*.shop.test', 'münchen.test'])
})

for (const shell of shells)
  test(`the completion for ${shell} is one that the shell can read`, unless(absent(shell)), () => {
    const file = join(temporaryFolder(), 'script')
    writeFileSync(file, completionScript(program, shell))
    expect(spawnSync(shell, ['-n', file], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' })
  })
