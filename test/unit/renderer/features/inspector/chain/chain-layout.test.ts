import { describe, expect, test } from 'vitest'
import type { Verification } from '../../../../../../src/contract/inspect/certificate-facts.ts'
import { layOut } from '../../../../../../src/renderer/features/inspector/chain/chain-layout.ts'
import { authorityFacts, certificateFacts } from '../../../../../support/engine/intake-facts.ts'

const step = (name: string) => ({ title: name, fingerprintSha256: name })
const yes = { ok: true, code: 'ok', reason: 'Yes.' }
const answers = { validity: yes, authority: yes, signature: yes, name: null }
const broken = (index: number) => ({ code: 'expired', message: 'It expired.', index, reference: 'RFC 5280' })
const verification = (rest: Partial<Verification>): Verification => ({
  ok: true,
  answers,
  path: [],
  candidates: [],
  trustedBy: null,
  ...rest,
})
const never = () => ''

describe('the graph of a chain', () => {
  test('is one line from the leaf to who is trusted', () => {
    const { nodes, edges, levels, columns } = layOut(
      verification({ path: ['leaf', 'issuer', 'root'].map(step), trustedBy: 'public roots' }),
      [],
      never,
    )
    expect(
      nodes.map(({ id, level, column, state, isAnchor }) => [id, level, column, state, isAnchor]),
    ).toEqual([
      ['leaf', 0, 0, 'holds', false],
      ['issuer', 1, 0, 'holds', false],
      ['root', 2, 0, 'holds', true],
    ])
    expect(edges).toHaveLength(2)
    expect([levels, columns]).toEqual([3, 1])
  })

  test('shows a way that does not hold beside the way that does, and what broke it', () => {
    const { nodes, edges } = layOut(
      verification({
        path: ['leaf', 'cross', 'root'].map(step),
        candidates: [{ certificates: ['leaf', 'expired', 'root'].map(step), broken: broken(1) }],
      }),
      [],
      never,
    )
    expect(nodes.find(({ id }) => id === 'expired')).toMatchObject({
      level: 1,
      column: 1,
      state: 'broken',
      fault: 'It expired.',
    })
    expect(edges.find(({ to }) => to === 'expired')?.state).toBe('broken')
    expect(edges.find(({ to }) => to === 'cross')?.state).toBe('holds')
  })

  test('names the issuer that is not there', () => {
    const { nodes, edges } = layOut(
      verification({ ok: false, candidates: [{ certificates: [step('leaf')], broken: broken(0) }] }),
      [certificateFacts('leaf', { issuer: 'CN=Bakery R3,O=Bakery', fingerprintSha256: 'leaf' })],
      never,
    )
    expect(nodes.at(-1)).toMatchObject({ title: 'Bakery R3', level: 1, state: 'missing' })
    expect(edges).toEqual([{ from: 'leaf', to: nodes.at(-1)?.id, state: 'missing' }])
  })

  test('looks for no issuer above a root', () => {
    const { nodes } = layOut(
      verification({
        ok: false,
        candidates: [{ certificates: ['leaf', 'root'].map(step), broken: broken(1) }],
      }),
      [
        certificateFacts('leaf', { fingerprintSha256: 'leaf' }),
        { ...authorityFacts('root', 'CN=root'), fingerprintSha256: 'root' },
      ],
      never,
    )
    expect(nodes.map(({ state }) => state)).toEqual(['unused', 'broken'])
  })

  test('shows an unused issuer, and that it has expired', () => {
    const leaf = certificateFacts('leaf', { issuer: 'CN=R3', fingerprintSha256: 'leaf' })
    const ended = { ...authorityFacts('R3', 'CN=X0'), fingerprintSha256: 'ended' }
    const { nodes, edges } = layOut(
      verification({ path: ['leaf', 'new', 'root'].map(step) }),
      [leaf, ended],
      () => 'It has expired.',
    )
    expect(nodes.find(({ id }) => id === 'ended')).toMatchObject({ level: 1, column: 1, state: 'broken' })
    expect(edges).toContainEqual({ from: 'leaf', to: 'ended', state: 'broken' })
  })
})
