import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import type { ImportProgram } from '../../../src/contract/imports/imports.ts'
import { importKinds } from '../../../src/import/kinds.ts'
import { readSetup } from '../../../src/import/read-setup.ts'
import { createTestAuthority, issueTestLeaf } from '../../support/pki/certificates.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const authority = createTestAuthority()
const leaf = issueTestLeaf(authority, { names: ['shop.test', 'www.shop.test'] })

function database(path: string, statements: [string, ...unknown[]][]): void {
  mkdirSync(dirname(path), { recursive: true })
  const opened = new Database(path)
  for (const [sql, ...values] of statements) opened.prepare(sql).run(...values)
  opened.close()
}

async function read(kind: ImportProgram, path: string, folder = path) {
  using setup = await readSetup(importKinds[kind], path)
  const notes = setup.notes.map(({ file, what, why }) => `${file.slice(folder.length + 1)} ${what}: ${why}`)
  const short = (each: string) => each.slice(folder.length + 1)
  return {
    domains: Object.fromEntries(setup.domains),
    notes,
    files: setup.files.map(short),
    anchors: setup.anchors.map(short),
    bytes: setup.open().map(({ bytes }) => Buffer.from(bytes)),
  }
}

/** Tables as version 2.12 of Nginx Proxy Manager makes them, with what is read of them. */
const hosts = `CREATE TABLE proxy_host (id integer primary key autoincrement, created_on datetime, modified_on datetime,
  owner_user_id integer, is_deleted integer default 0, domain_names json not null, forward_host varchar(255),
  forward_port integer, access_list_id integer default 0, certificate_id integer default 0,
  ssl_forced integer default 0, caching_enabled integer default 0, block_exploits integer default 0,
  advanced_config text default '', meta json, allow_websocket_upgrade integer default 0, http2_support integer default 0,
  forward_scheme varchar(255) default 'http', enabled integer default 1, locations json, hsts_enabled integer default 0,
  hsts_subdomains integer default 0)`

interface Host {
  domain_names: string[]
  [column: string]: unknown
}

function proxyManagerFolder(all: Host[], more: [string, ...unknown[]][] = []): string {
  const folder = temporaryFolder()
  const rows = all.map((host): [string, ...unknown[]] => {
    const row = {
      forward_host: '127.0.0.1',
      forward_port: 3000,
      ...host,
      domain_names: JSON.stringify(host.domain_names),
    }
    const names = Object.keys(row)
    return [
      `INSERT INTO proxy_host (${names.join()}) VALUES (${names.map(() => '?').join()})`,
      ...Object.values(row),
    ]
  })
  const certificate =
    'CREATE TABLE certificate (id integer primary key, is_deleted integer default 0, provider varchar(255), meta json)'
  database(join(folder, 'data/database.sqlite'), [
    [hosts],
    [certificate],
    ['INSERT INTO certificate (id, provider) VALUES (3, ?), (4, ?)', 'letsencrypt', 'other'],
    ...rows,
    ...more,
  ])
  for (const stem of ['letsencrypt/live/npm-3', 'data/custom_ssl/npm-4']) {
    mkdirSync(join(folder, stem), { recursive: true })
    writeFileSync(join(folder, stem, 'fullchain.pem'), leaf.chainPem)
    writeFileSync(join(folder, stem, 'privkey.pem'), leaf.keyPem)
  }
  return folder
}

describe('a database of Nginx Proxy Manager', () => {
  const advanced = 'add_header X-Frame-Options DENY;\nproxy_cache zone;'
  const location = {
    path: '/api/',
    forward_scheme: 'https',
    forward_host: '127.0.0.1/',
    forward_port: 4000,
    advanced_config: '',
  }
  const shop = {
    domain_names: ['shop.test', 'www.shop.test'],
    certificate_id: 3,
    ssl_forced: 1,
    hsts_enabled: 1,
    hsts_subdomains: 1,
    advanced_config: advanced,
    locations: JSON.stringify([location]),
  }

  test('becomes domains with origins, paths, redirect, policies and certificate', async () => {
    const own = {
      domain_names: ['own.test'],
      certificate_id: 4,
      forward_scheme: 'https',
      forward_host: '::1',
    }
    const folder = proxyManagerFolder([shop, own, { domain_names: ['plain.test'] }])
    const { domains, notes, files } = await read('npm', folder)
    expect(files).toEqual([
      'letsencrypt/live/npm-3/fullchain.pem',
      'letsencrypt/live/npm-3/privkey.pem',
      'data/custom_ssl/npm-4/fullchain.pem',
      'data/custom_ssl/npm-4/privkey.pem',
    ])
    expect(domains['shop.test']).toMatchObject({
      origin: { protocol: 'http', host: '127.0.0.1', httpPort: 3000, hostHeader: null },
      https: 'on',
      redirect: { mode: 'https', code: 301 },
      policies: {
        hsts: { days: 730, includeSubDomains: true, preload: true },
        headers: { rules: [{ on: 'response', action: 'set', name: 'X-Frame-Options', value: 'DENY' }] },
        origins: { routes: [{ path: '/api', stripPath: true, origin: { httpsPort: 4000, verify: false } }] },
      },
    })
    expect(domains).toMatchObject({
      'own.test': {
        https: 'on',
        redirect: { mode: 'none' },
        origin: { protocol: 'https', host: '::1', verify: false },
      },
      'plain.test': { https: 'off' },
    })
    expect(notes).toContain(
      'data/database.sqlite/proxy_host/1 proxy_cache: This directive is not taken over.',
    )
  })

  test('names what is disabled, redirects, streams and hosts with an access list', async () => {
    const folder = proxyManagerFolder(
      [
        { domain_names: ['off.test'], enabled: 0 },
        { domain_names: ['gone.test'], is_deleted: 1 },
        { domain_names: ['closed.test'], access_list_id: 1 },
        { domain_names: ['login.test'], advanced_config: 'auth_basic "x";' },
      ],
      [
        ['CREATE TABLE stream (id integer primary key, is_deleted integer)'],
        ['INSERT INTO stream VALUES (7, 0), (8, 1)'],
      ],
    )
    const { domains, notes } = await read('npm', join(folder, 'data/database.sqlite'), folder)
    expect(domains).toEqual({})
    const restricted = 'which is not taken over; without it the domain would be open. To add it:'
    const add = (name: string) =>
      `edgekeep domain add ${name} --origin http://127.0.0.1:3000, then edgekeep access ${name} --user NAME`
    expect(notes).toEqual([
      'data/database.sqlite/proxy_host/1 proxy_host: It is disabled there.',
      'data/database.sqlite/stream/7 stream: Only HTTP is served here; streams are not.',
      `data/database.sqlite/proxy_host/3 closed.test: It is restricted by access_list, ${restricted} ${add('closed.test')} or --allow NETWORK`,
      `data/database.sqlite/proxy_host/4 login.test: It is restricted by auth_basic, ${restricted} ${add('login.test')}`,
    ])
  })

  test('is refused if damaged, and its views and generated columns are never computed', async () => {
    const endless = 'WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n) SELECT i AS id FROM n'
    const folder = proxyManagerFolder(
      [],
      [
        [`CREATE VIEW dead_host AS ${endless}`],
        ['CREATE TABLE redirection_host (is_deleted integer)'],
        ['INSERT INTO redirection_host (is_deleted) VALUES (0)'],
        ['ALTER TABLE redirection_host ADD COLUMN id integer AS (length(zeroblob(2000000000)))'],
      ],
    )
    expect(await read('npm', folder)).toMatchObject({ domains: {} })
    const broken = temporaryFolder()
    for (const [name, bytes] of [
      ['text', 'no database'],
      ['cut', `SQLite format 3\0${'x'.repeat(4000)}`],
    ] as const) {
      writeFileSync(join(broken, name), bytes)
      await expect(read('xca', join(broken, name))).rejects.toMatchObject({ code: 'import.unreadable' })
    }
  })
})

/** Rows of `size` characters, of which each leads to the overflow pages of the first, so that the file has them once. */
function withSharedPages(path: string, rows: number, size: number): void {
  const page = 4096
  database(path, [
    ['CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT, del INTEGER)'],
    ...Array.from({ length: rows }, (): [string, string] => [
      'INSERT INTO items (name) VALUES (?)',
      'x'.repeat(size),
    ]),
  ])
  const whole = readFileSync(path)
  const pagesOfRow = (whole.length / page - 2) / rows
  const first = 3
  for (let row = 1; row < rows; row += 1) {
    const pointer = Buffer.alloc(4)
    pointer.writeUInt32BE(first + row * pagesOfRow)
    whole.writeUInt32BE(first, whole.indexOf(pointer, page))
  }
  const cut = whole.subarray(0, (2 + pagesOfRow) * page)
  cut.writeUInt32BE(2 + pagesOfRow, 28)
  writeFileSync(path, cut)
}

test('a database whose rows share their pages, and so are larger than the file, is refused', async () => {
  const path = join(temporaryFolder(), 'shared.xdb')
  // 489 bytes of each row are in the leaf, so that all are in one, and the others fill overflow pages.
  withSharedPages(path, 6, 489 - 6 + 48 * 4092)
  await expect(read('xca', path)).rejects.toMatchObject({ code: 'import.unreadable' })
})

/** Lets all children of the root of its statistics, which SQLite reads as it opens the file, be the same page. */
function withSharedChildren(path: string): void {
  database(path, [['PRAGMA page_size = 512'], ['CREATE TABLE items (id INTEGER PRIMARY KEY)'], ['ANALYZE']])
  const opened = new Database(path)
  const insert = opened.prepare('INSERT INTO sqlite_stat1 VALUES (?, NULL, ?)')
  opened.transaction(() => {
    for (let row = 0; row < 500; row += 1) insert.run('items', `${row}`)
  })()
  const [root] = opened
    .prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_stat1'")
    .pluck()
    .all()
  opened.close()
  const bytes = readFileSync(path)
  const page = bytes.subarray((Number(root) - 1) * 512, Number(root) * 512)
  expect(page[0]).toBe(5)
  for (let cell = 0; cell < page.readUInt16BE(3); cell += 1)
    page.copy(page, page.readUInt16BE(12 + 2 * cell), 8, 12)
  writeFileSync(path, bytes)
}

test('a database whose trees lead to the same page again and again is refused before SQLite reads it', async () => {
  const path = join(temporaryFolder(), 'endless.xdb')
  withSharedChildren(path)
  await expect(read('xca', path)).rejects.toMatchObject({ code: 'import.unreadable' })
})

describe('a database of XCA', () => {
  const base64 = (pem: string) => pem.replaceAll(/-----[^-]+-----|\s/g, '')

  test('gives certificates with their keys, and its authorities as trust anchors', async () => {
    const folder = temporaryFolder()
    database(join(folder, 'own.xdb'), [
      [
        'CREATE TABLE items (id INTEGER PRIMARY KEY, name VARCHAR(128), type INTEGER, del SMALLINT NOT NULL DEFAULT 0)',
      ],
      ['CREATE TABLE private_keys (item INTEGER, ownPass INTEGER, private TEXT)'],
      ['CREATE TABLE x509super (item INTEGER, subj_hash INTEGER, pkey INTEGER, key_hash INTEGER)'],
      ['CREATE TABLE certs (item INTEGER, hash INTEGER, ca INTEGER, cert TEXT)'],
      ['CREATE TABLE requests (item INTEGER, request TEXT)'],
      [
        "INSERT INTO items (id, name, del) VALUES (1, 'CA', 0), (2, 'CA key', 0), (3, 'shop', 0), (4, 'shop key', 0), (5, 'alone', 0), (6, 'gone', 1), (7, 'asked', 0)",
      ],
      ['INSERT INTO private_keys VALUES (2, 0, ?), (4, 0, ?)', 'Y2E=', base64(leaf.keyPem)],
      ['INSERT INTO x509super (item, pkey) VALUES (1, 2), (3, 4), (5, NULL)'],
      [
        'INSERT INTO certs (item, ca, cert) VALUES (1, 1, ?), (3, 0, ?), (5, 0, ?), (6, 0, ?)',
        base64(authority.certificatePem),
        base64(leaf.chainPem),
        base64(leaf.chainPem),
        'eA==',
      ],
      ['INSERT INTO requests VALUES (7, ?)', ''],
    ])
    const { files, anchors, notes, bytes } = await read('xca', join(folder, 'own.xdb'), folder)
    expect([files, anchors]).toEqual([['own.xdb/1.crt', 'own.xdb/3.crt', 'own.xdb/3.key'], ['own.xdb/1.crt']])
    expect(notes).toEqual([
      'own.xdb/5.crt alone: XCA has no private key of it, or has it on a smart card.',
      'own.xdb requests: Certificate requests are not taken over.',
    ])
    expect(bytes.map((each) => each.toString('base64'))).toEqual([
      base64(authority.certificatePem),
      base64(leaf.chainPem),
      base64(leaf.keyPem),
    ])
  })
})
