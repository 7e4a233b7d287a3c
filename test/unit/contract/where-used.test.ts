import { existsSync, globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseSync } from 'oxc-parser'
import { describe, expect, test } from 'vitest'
import { contract } from '../../../src/contract/procedures.ts'
import { whereUsed } from './where-used.ts'

const folders = { window: 'src/renderer', command: 'src/cli' }
type Side = keyof typeof folders

function callsOf(node: object, above = ''): string[] {
  if ('~orpc' in node) return [above]
  return Object.entries(node).flatMap(([name, inner]: [string, object]) =>
    callsOf(inner, above ? `${above}.${name}` : name),
  )
}

/** Every chain of members in a file, as `client.domains.list`; also where one is taken apart. */
function chainsIn(file: string): string[] {
  const found: string[] = []
  JSON.stringify(parseSync(file, readFileSync(file, 'utf8')).program, (_key, node: unknown) => {
    found.push(...chainsOf(node))
    return node
  })
  return found
}

interface Declarator {
  type?: string
  id?: { type: string; properties?: { key?: { name?: string } }[] }
  init?: unknown
}

function chainsOf(node: unknown): string[] {
  const { type, id, init } = (node ?? {}) as Declarator
  const chain = chainOf(type === 'VariableDeclarator' ? init : node)
  if (chain === null) return []
  if (type !== 'VariableDeclarator') return chain.includes('.') ? [chain] : []
  return (id?.properties ?? []).flatMap(({ key }) =>
    key?.name === undefined ? [] : [`${chain}.${key.name}`],
  )
}

function chainOf(value: unknown): string | null {
  const node = value as {
    type?: string
    name?: string
    object?: unknown
    property?: { name?: string }
  } | null
  if (node?.type === 'Identifier') return node.name ?? null
  if (node?.type !== 'MemberExpression' || node.property?.name === undefined) return null
  return `${chainOf(node.object) ?? ''}.${node.property.name}`
}

const chains = (side: Side) =>
  new Map(globSync(`${folders[side]}/**/*.{ts,tsx}`).map((file) => [file, chainsIn(file)]))
const made = { window: chains('window'), command: chains('command') }
const calls = callsOf(contract)
const sides = ['window', 'command'] as const

describe('each call of the contract', () => {
  test('stands in the table once, with the window, the command line or both', () => {
    expect(Object.keys(whereUsed).toSorted()).toEqual(calls.toSorted())
    expect(calls.filter((call) => !whereUsed[call]?.window && !whereUsed[call]?.command)).toEqual([])
  })

  test('is made where the table says', () => {
    const wrong = sides.flatMap((side) =>
      calls.filter((call) => {
        const file = whereUsed[call]?.[side]
        if (!file) return false
        const place = path.join(folders[side], file)
        // The command line looks into files in its own process.
        if (side === 'command' && call.startsWith('inspect.')) return !existsSync(place)
        return !made[side].get(place)?.some((chain) => chain.endsWith(`.${call.split('.')[1]}`))
      }),
    )
    expect(wrong).toEqual([])
  })

  test('has a reason if one side alone makes it, and the other side does not', () => {
    const alone = calls.filter((call) => sides.some((side) => !whereUsed[call]?.[side]))
    expect(alone.filter((call) => !whereUsed[call]?.why)).toEqual([])
    expect(calls.filter((call) => !alone.includes(call) && whereUsed[call]?.why)).toEqual([])
    const madeAfterAll = alone.flatMap((call) =>
      sides
        .filter((side) => !whereUsed[call]?.[side])
        .flatMap((side) =>
          [...made[side]].filter(([, found]) => found.some((chain) => chain.endsWith(`client.${call}`))),
        )
        .map(([file]) => `${call} in ${file}`),
    )
    expect(madeAfterAll).toEqual([])
  })
})
