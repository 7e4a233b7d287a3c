import { expect, test } from 'vitest'
import { forContainers } from '../../../../../src/cli/commands/container/container-environment.ts'

test('mounts the files of certificates one by one, and neither their folder nor the settings of wget', () => {
  const variables = [
    { name: 'SSL_CERT_FILE', value: '/home/me/.edgekeep/trust/bundle.pem', reads: 'OpenSSL' },
    { name: 'NODE_EXTRA_CA_CERTS', value: '/home/me/.edgekeep/trust/roots.pem', reads: 'Node' },
    { name: 'WGETRC', value: '/home/me/.edgekeep/trust/wgetrc', reads: 'wget' },
  ]
  expect(forContainers(variables)).toEqual({
    volumes: [
      '/home/me/.edgekeep/trust/bundle.pem:/edgekeep-trust/bundle.pem:ro',
      '/home/me/.edgekeep/trust/roots.pem:/edgekeep-trust/roots.pem:ro',
    ],
    environment: [
      ['SSL_CERT_FILE', '/edgekeep-trust/bundle.pem'],
      ['NODE_EXTRA_CA_CERTS', '/edgekeep-trust/roots.pem'],
    ],
  })
})
