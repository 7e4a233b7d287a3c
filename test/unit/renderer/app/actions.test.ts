import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseSync, Visitor } from 'oxc-parser'
import { expect, test } from 'vitest'
import { actions } from '../../../../src/renderer/app/actions.ts'
import { en } from '../../../../src/renderer/app/messages/en.ts'
import { sections } from '../../../../src/renderer/app/sections.ts'

const root = path.resolve('src/renderer')

/** How many buttons of a file are no actions of a page, and why: they … */
const others: Record<string, Record<string, number>> = {
  'are part of a dialog, which an action opens': {
    'features/certificates/import-dialog.tsx': 1,
    'features/certificates/import-many/choosing.tsx': 3,
    'features/certificates/import-many/outcome.tsx': 3,
    'features/certificates/replace/form.tsx': 2,
    'features/domains/https/settings/form.tsx': 2,
    'features/domains/https/settings/off-panel.tsx': 1,
    'features/domains/list/add-domain-dialog.tsx': 1,
    'features/domains/list/copy-policies-dialog.tsx': 2,
    'features/domains/list/set-policy-dialog.tsx': 2,
    'features/settings/configuration-dialog.tsx': 2,
    'features/settings/recovery-key-dialog.tsx': 2,
    'features/usage/price-dialog.tsx': 2,
  },
  'save or undo what is filled in beside them': {
    'features/certificates/detail-title.tsx': 1,
    'features/certificates/notes.tsx': 1,
    'features/domains/origins/more-origins-section.tsx': 1,
    'features/domains/origins/origin-section.tsx': 1,
    'features/domains/origins/paths-section.tsx': 1,
    'features/domains/origins/timeouts-section.tsx': 1,
    'features/domains/policies/policy-footer.tsx': 1,
    'features/domains/redirects/hsts-section.tsx': 2,
    'features/domains/redirects/redirect-section.tsx': 1,
    'features/domains/tls/tls-section.tsx': 1,
    'features/settings/recovery-key-form.tsx': 1,
    'features/settings/restore-form.tsx': 1,
  },
  'are part of a list or field, and about one entry of it': {
    'features/activity/trail-list.tsx': 1,
    'features/activity/trail-row.tsx': 1,
    'features/certificates/chain-view.tsx': 1,
    'features/domains/access/access-fields.tsx': 2,
    'features/domains/headers/header-fields.tsx': 2,
    'features/domains/origins/health-fields.tsx': 1,
    'features/domains/redirects/exceptions-field.tsx': 1,
    'features/domains/tls/client-certificates.tsx': 1,
    'features/inspector/chain/chain-graph.tsx': 1,
    'features/inspector/clean/clean-view.tsx': 2,
    'features/inspector/piece-list.tsx': 1,
    'features/inspector/structure/structure-view.tsx': 1,
  },
  'are the items of a menu that an action opens': {
    'features/certificates/export-menu.tsx': 1,
    'features/inspector/report-menu.tsx': 1,
  },
  'choose what is looked at': {
    'features/certificates/certificate-drawer.tsx': 1,
    'features/domains/list/selection-bar.tsx': 1,
    'features/inspector/remote/remote-result.tsx': 1,
    'features/inspector/time/time-machine.tsx': 1,
  },
  'are for a window in trouble, or lead through it': {
    'app/connection-lost.tsx': 1,
    'app/frame.tsx': 1,
    'app/page-boundary.tsx': 1,
    'app/top-bar.tsx': 1,
  },
}

const button = /^(Button|ActionIcon|ChangeButton|UnstyledButton|Menu\.Item|button)$/

interface Attribute {
  name?: { name: unknown }
}

/** How many buttons that act and are no action's each file has, by its path below the renderer. */
function otherButtons(): Record<string, number> {
  const counts = globSync('{app,features}/**/*.tsx', { cwd: root }).map((file): [string, number] => {
    let count = 0
    new Visitor({
      JSXOpeningElement({ name, attributes }) {
        const has = (wanted: string) => (attributes as Attribute[]).some((each) => each.name?.name === wanted)
        if (button.test(tagName(name)) && has('onClick') && !has('data-does')) count += 1
      },
    }).visit(parseSync(file, readFileSync(path.join(root, file), 'utf8')).program)
    return [file, count]
  })
  return Object.fromEntries(counts.filter(([, count]) => count > 0))
}

function tagName(name: object): string {
  const { name: plain, object, property } = name as { name?: string; object?: object; property?: object }
  return plain ?? `${tagName(object ?? {})}.${tagName(property ?? {})}`
}

test('every button of a page that does something is an action, or there is a reason', () => {
  expect(otherButtons()).toEqual(Object.assign({}, ...Object.values(others)))
})

test('every action that a page defines is in the palette', async () => {
  const files = globSync('features/*/actions.ts', { cwd: root })
  const pages = await Promise.all(files.map((file) => import(path.join(root, file)) as Promise<object>))
  const ids = pages.flatMap((page) => Object.values(page) as { id: string }[]).map(({ id }) => id)
  expect(actions.map(({ id }) => id)).toEqual(expect.arrayContaining(ids))
  expect(files).toHaveLength(sections.length)
})

test('every action has an identity, a page and a key of its own', () => {
  const ids = actions.map(({ id }) => id)
  const keys = actions.flatMap(({ page, key }) => (key === undefined ? [] : [`${page} ${key}`]))
  const pages = actions.flatMap(({ page }) => (page === undefined ? [] : [page]))
  expect(new Set(ids).size).toBe(ids.length)
  expect(new Set(keys).size).toBe(keys.length)
  expect(sections.map(({ path }) => path)).toEqual(expect.arrayContaining([...new Set(pages)]))
})

test('every action is used by the page it is of', () => {
  const text = globSync('{app,ui,features}/**/*.tsx', { cwd: root })
    .map((file) => readFileSync(path.join(root, file), 'utf8'))
    .join('\n')
  const defined = globSync('features/*/actions.ts', { cwd: root }).flatMap((file) =>
    [...readFileSync(path.join(root, file), 'utf8').matchAll(/export const (\w+): Action/g)].map(
      ([, name = '']) => name,
    ),
  )
  expect(defined.filter((name) => !new RegExp(`(action=\\{|useOffer\\()${name}\\b`).test(text))).toEqual([])
})

test('every label is in the catalogue', () => {
  const said = (key: string) =>
    key.split(/[:.]/).reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], en)
  const labels = actions.flatMap(({ label, about }) => [label, about])
  expect(labels.filter((label) => typeof said(label) !== 'string')).toEqual([])
})
