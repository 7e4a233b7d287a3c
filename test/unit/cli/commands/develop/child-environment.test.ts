import { expect, test } from 'vitest'
import {
  childEnvironment,
  takePersonEnvironment,
} from '../../../../../src/cli/commands/develop/child-environment.ts'
import type { Service } from '../../../../../src/cli/commands/develop/run-plan.ts'
import { environmentForChildren, setAside } from '../../../../../bin/private-process.mjs'
import { bundleVariables } from '../../../../../src/engine/trust/env.ts'

const run = (service: string) => ({
  project: '/shop',
  service,
  domain: `${service}.shop.localhost`,
  address: `https://${service}.shop.localhost`,
  since: '2026-11-29T00:00:00.000Z',
  fileFolder: null,
  branch: null,
})
const service: Service = {
  name: 'web',
  folder: '/shop/web',
  argv: ['vite'],
  isOpen: true,
  framework: null,
  names: ['web.shop.localhost'],
}
const around = {
  project: '/shop',
  port: 4000,
  own: run('web'),
  siblings: [run('web'), run('admin-api')],
  trust: bundleVariables({ folder: '/home/trust' }),
  given: { PATH: '/bin', SSL_CERT_FILE: '/own.pem', HOST: '0.0.0.0', EDITOR: 'vi' },
}

test('a server gets port, host, trust, its address and those of its siblings', () => {
  const env = childEnvironment(service, around)
  expect(env).toMatchObject({
    PORT: '4000',
    HOST: '127.0.0.1',
    EDGEKEEP_URL: 'https://web.shop.localhost',
    EDGEKEEP_URL_ADMIN_API: 'https://admin-api.shop.localhost',
    NODE_EXTRA_CA_CERTS: '/home/trust/roots.pem',
    CURL_CA_BUNDLE: '/home/trust/bundle.pem',
    EDITOR: 'vi',
    PATH: ['/shop/web/node_modules/.bin', '/shop/node_modules/.bin', '/bin'].join(':'),
  })
  expect(env).not.toHaveProperty('WGETRC')
})

test('a trust variable that is set stays', () => {
  expect(childEnvironment(service, around)['SSL_CERT_FILE']).toBe('/own.pem')
})

test('a program that only builds gets no port', () => {
  const env = childEnvironment({ ...service, names: [] }, { ...around, own: undefined })
  expect(env).not.toHaveProperty('PORT')
  expect(env).toHaveProperty('EDGEKEEP_URL_WEB')
})

test('Node’s variables of the person pass the launcher, and reach servers alone', () => {
  const person = { PATH: '/bin', NODE_OPTIONS: '--max-old-space-size=8000', NODE_ENV: 'test' }
  const ours: NodeJS.ProcessEnv = { ...environmentForChildren(person), ...setAside(person) }
  expect(takePersonEnvironment(ours)).toMatchObject(person)
  // The engine that this process starts.
  expect(ours).toEqual({ PATH: '/bin', NODE_ENV: 'test' })
})
