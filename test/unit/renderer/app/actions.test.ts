import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseSync, Visitor } from 'oxc-parser'
import { expect, test } from 'vitest'
import { actions } from '../../../../src/renderer/app/actions.ts'
import { en } from '../../../../src/renderer/messages/en.ts'
import { sections } from '../../../../src/renderer/app/sections.ts'

const root = path.resolve('src/renderer')

/** Components with buttons that are no page actions, by the reason ("they …"). */
const others: Record<string, RegExp> = {
  'are part of a dialog or form, which an action opens or which is filled in':
    /dialog\.tsx#|#\w*(Form|Dialog|DialogButtons)$|#(OffPanel|AllowDomain|SetupOffer|OwnBrowser|DnsSection|AcmeBindings|NewBinding|Choosing|Offer|PlanView)$|make-green\.tsx#Buttons|configuration-section\.tsx#Foot/,
  'save or undo what is filled in beside them': /#HstsSection$/,
  'are part of a list or field, and about one entry of it':
    /#\w*(List|Row|Fields?|Node|Entry|Link)$|#(AcmeAccounts|RollbackNote|RemedyButton|LocalhostButton|RenewalTrouble|Anchors|Month|Roots|NewUser|RowAct|MoreOriginsSection|PathsSection|SuccessorNote|TargetCard|Forget)$|trail-list\.tsx#Foot/,
  'are the items of a menu that an action opens': /#\w*Menu$|clean-view\.tsx#Save/,
  'act on the rows that are selected': /#(Domain|Certificate)Acts$|certificate-acts\.tsx#Uses/,
  'end what runs': /#CancelPublication$/,
  'choose what is looked at': /#(Marks|Line|SelectionBar|ColumnHead|DetailProblem|RemoteResult)$/,
  'are for a window in trouble, or lead through it':
    /^app\/(banners\.tsx#(NoEngine|MovedListeners)|frame\.tsx#(Frame|Failed)|top-bar\.tsx#(SearchButton|ConnectionLost))$/,
  'are steps of an update, which only the desktop app can take':
    /updates-section\.tsx#(CheckButton|UpdateStatus|Downloading)$/,
}

const button = /^(Button|ActionIcon|ChangeButton|UnstyledButton|Menu\.Item|button)$/

interface Attribute {
  name?: { name: unknown }
}

/** Components with a button that acts and is no action's, as `FILE#COMPONENT` relative to the renderer. */
function componentsWithOtherButtons(): string[] {
  return globSync('{app,features}/**/*.tsx', { cwd: root }).flatMap((file) => {
    const found = new Set<string>()
    const { program } = parseSync(file, readFileSync(path.join(root, file), 'utf8'))
    for (const statement of program.body) {
      new Visitor({
        JSXOpeningElement({ name, attributes }) {
          const has = (wanted: string) =>
            (attributes as Attribute[]).some((each) => each.name?.name === wanted)
          if (button.test(tagName(name)) && has('onClick') && !has('data-does'))
            found.add(`${file}#${componentOf(statement)}`)
        },
      }).visit({ ...program, body: [statement] })
    }
    return [...found]
  })
}

function componentOf(statement: object): string {
  const { declaration = statement } = statement as { declaration?: object }
  const { id, declarations } = declaration as {
    id?: { name: string }
    declarations?: { id: { name: string } }[]
  }
  return (id ?? declarations?.[0]?.id)?.name ?? ''
}

function tagName(name: object): string {
  const { name: plain, object, property } = name as { name?: string; object?: object; property?: object }
  return plain ?? `${tagName(object ?? {})}.${tagName(property ?? {})}`
}

test('every button of a page that does something is an action, or there is a reason', () => {
  const components = componentsWithOtherButtons()
  const patterns = Object.values(others)
  expect(components.filter((each) => !patterns.some((pattern) => pattern.test(each)))).toEqual([])
  expect(patterns.filter((pattern) => !components.some((each) => pattern.test(each)))).toEqual([])
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
  // A section, or a page below one.
  const places = sections.map(({ path }) => path)
  expect(pages.filter((page) => !places.includes(`/${page.split('/')[1]}`))).toEqual([])
})

test('every action is used by the page it is of', () => {
  const text = globSync('{app,ui,features}/**/*.tsx', { cwd: root })
    .map((file) => readFileSync(path.join(root, file), 'utf8'))
    .join('\n')
  const defined = globSync('features/*/actions.ts', { cwd: root }).flatMap((file) =>
    [...readFileSync(path.join(root, file), 'utf8').matchAll(/export const (\w+) = /g)].map(
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
