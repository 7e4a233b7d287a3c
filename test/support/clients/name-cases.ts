import { alternativeNames, attribute, extension } from '../pki/certificate-maker.ts'
import * as der from '../pki/der-writer.ts'
import { type ClientCase, leafCase } from './client-case.ts'

const named = (id: string, title: string, names: string[], host = 'shop.test'): ClientCase =>
  leafCase(`name-${id}`, title, () => ({ names }), host)

const alternative = (content: Uint8Array, critical = false) => ({
  '2.5.29.17': extension('2.5.29.17', content, critical),
})

export const nameCases = [
  named('exact', 'exact name', ['shop.test']),
  named('other-host', 'name of another host', ['other.test']),
  named('second', 'second of two names', ['other.test', 'shop.test']),
  named('upper-case', 'name in capital letters', ['SHOP.TEST']),
  named('www-missing', 'name without the asked www', ['shop.test'], 'www.shop.test'),
  named('wildcard', 'wildcard for one label', ['*.shop.test'], 'www.shop.test'),
  named('wildcard-apex', 'wildcard for the domain itself', ['*.shop.test'], 'shop.test'),
  named('wildcard-deep', 'wildcard for two labels', ['*.shop.test'], 'a.www.shop.test'),
  named('wildcard-top', 'wildcard under a top-level domain', ['*.test'], 'shop.test'),
  named('wildcard-part', 'partial wildcard at the end', ['w*.shop.test'], 'www.shop.test'),
  named('wildcard-part-start', 'partial wildcard at the start', ['*w.shop.test'], 'www.shop.test'),
  named('wildcard-inner', 'wildcard as second label', ['www.*.shop.test'], 'www.eu.shop.test'),
  named('wildcard-double', 'two wildcards', ['*.*.shop.test'], 'www.eu.shop.test'),
  named('wildcard-alone', 'wildcard alone', ['*'], 'shop.test'),
  named(
    'wildcard-underscore',
    'wildcard for a label with an underscore',
    ['*.shop.test'],
    'my_host.shop.test',
  ),
  named('wildcard-idn', 'wildcard for an A-label', ['*.shop.test'], 'xn--mller-kva.shop.test'),
  named('underscore', 'name with an underscore', ['my_shop.test'], 'my_shop.test'),
  named('underscore-first', 'name that begins with an underscore', ['_shop.test'], '_shop.test'),
  named('underscore-label', 'underscore label', ['_tcp.shop.test'], '_tcp.shop.test'),
  named('a-label', 'name as an A-label', ['xn--mller-kva.test'], 'xn--mller-kva.test'),
  named('trailing-dot', 'name with a trailing dot', ['shop.test.']),
  named('leading-dot', 'name with a leading dot', ['.shop.test'], 'www.shop.test'),
  named('space', 'name with a space besides the right one', ['my shop.test', 'shop.test']),
  named('hyphen', 'name that begins with a hyphen', ['-shop.test'], '-shop.test'),
  named('ip', 'IP address', ['127.0.0.1'], '127.0.0.1'),
  named('ip-other', 'another IP address', ['127.0.0.2'], '127.0.0.1'),
  named('one-label', 'one label', ['shop'], 'shop'),
  named('hundred', 'hundred names', [...Array.from({ length: 99 }, (_, at) => `s${at}.test`), 'shop.test']),
  named('thousand', 'thousand names', [
    ...Array.from({ length: 999 }, (_, at) => `s${at}.test`),
    'shop.test',
  ]),
  named('mail-only', 'e-mail address alone', ['shop@shop.test']),
  named('uri-only', 'URI alone', ['https://shop.test/']),
  leafCase('name-none', 'common name without alternative names', () => ({ names: undefined })),
  leafCase('name-empty', 'empty list of alternative names', () => ({
    extensions: alternative(der.sequence()),
  })),
  leafCase('name-critical', 'critical alternative names with an empty subject', () => ({
    subject: der.sequence(),
    extensions: alternative(alternativeNames(['shop.test']), true),
  })),
  leafCase('name-empty-subject', 'empty subject, alternative names not critical', () => ({
    subject: der.sequence(),
  })),
  leafCase('name-common-other', 'common name of another host', () => ({ subject: 'other.test' })),
  leafCase('name-common-long', 'common name of 70 characters', () => ({ subject: 'a'.repeat(70) })),
  leafCase(
    'name-ip-as-dns',
    'IP address as a DNS name',
    () => ({ extensions: alternative(der.sequence(der.implicit(2, Buffer.from('127.0.0.1')))) }),
    '127.0.0.1',
  ),
  leafCase(
    'name-ip-as-common-name',
    'IP address as common name',
    () => ({ subject: '127.0.0.1', names: ['shop.test'] }),
    '127.0.0.1',
  ),
  leafCase('name-nul', 'name with a NUL besides the right one', () => ({
    extensions: alternative(
      der.sequence(
        der.implicit(2, Buffer.from('shop.test\0.evil.test')),
        der.implicit(2, Buffer.from('shop.test')),
      ),
    ),
  })),
  leafCase('name-nul-alone', 'name with a NUL after the host', () => ({
    extensions: alternative(der.sequence(der.implicit(2, Buffer.from('shop.test\0.evil.test')))),
  })),
  leafCase('name-utf8', 'name in UTF-8 besides the right one', () => ({
    extensions: alternative(
      der.sequence(der.implicit(2, Buffer.from('müller.test')), der.implicit(2, Buffer.from('shop.test'))),
    ),
  })),
  leafCase('name-ip-length', 'IP address of five octets besides the right name', () => ({
    extensions: alternative(
      der.sequence(der.implicit(7, Uint8Array.of(1, 2, 3, 4, 5)), der.implicit(2, Buffer.from('shop.test'))),
    ),
  })),
  leafCase('name-printable', 'subject with characters that PrintableString has not', () => ({
    subject: der.sequence(attribute('2.5.4.3', der.text(0x13, 'shop_test@*'))),
  })),
  leafCase('name-teletex', 'subject in TeletexString', () => ({
    subject: der.sequence(attribute('2.5.4.3', der.text(0x14, 'shop.test'))),
  })),
  leafCase('name-two-common', 'two common names', () => ({
    subject: der.sequence(
      attribute('2.5.4.3', der.utf8('other.test')),
      attribute('2.5.4.3', der.utf8('shop.test')),
    ),
  })),
  leafCase('name-organisation', 'subject with organisation and country', () => ({
    subject: der.sequence(
      attribute('2.5.4.6', der.text(0x13, 'DE')),
      attribute('2.5.4.10', der.utf8('Shop')),
      attribute('2.5.4.3', der.utf8('shop.test')),
    ),
  })),
]
