/*
 * macOS' `security` as it was recorded: what it prints, its exit statuses, and what it changes before it asks. Nobody
 * has seen Edgekeep with the real one. Its keychains are files: `keychains/NAME.json` and `settings-DOMAIN.json`
 * below RECORDED; `answer` says what the person answers to macOS' dialog.
 * Sources: Apple's security_tool (trusted_cert_add.c, trusted_cert_dump.c, trust_settings_impexp.c), and the plist
 * that twocanoes.com printed of a Big Sur.
 */
import { X509Certificate } from 'node:crypto'
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'

const state = process.env.RECORDED
const [verb, ...words] = process.argv.slice(2)
appendFileSync(join(state, 'argv.log'), `${JSON.stringify([verb, ...words])}\n`)

const keychainFile = (path) => join(state, 'keychains', `${basename(path)}.json`)
const settingsFile = (domain) => join(state, `settings-${domain}.json`)
const load = (path, none) => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : none)
const save = (path, value) => {
  mkdirSync(join(state, 'keychains'), { recursive: true })
  writeFileSync(path, JSON.stringify(value))
}
const sha1Of = (pem) => new X509Certificate(pem).fingerprint.replaceAll(':', '')
const domain = words.includes('-d') ? 'admin' : 'user'

function end(said, status) {
  process.stderr.write(`${said}\n`)
  process.exit(status)
}

/** The dialog: an answer of `no`, or nobody who could see it. */
function ask(call) {
  const answer = load(join(state, 'answer'), 'yes')
  if (answer === 'no') end(`${call}: The authorization was canceled by the user.`, 1)
  if (answer === 'nobody')
    end(`${call}: The authorization was denied since no user interaction was possible.`, 1)
}

const condition = (policy, name) =>
  `\t\t\t\t<dict>\n\t\t\t\t\t<key>kSecTrustSettingsPolicy</key>\n\t\t\t\t\t<data>\n\t\t\t\t\t${policy}\n\t\t\t\t\t</data>\n\t\t\t\t\t<key>kSecTrustSettingsPolicyName</key>\n\t\t\t\t\t<string>${name}</string>\n\t\t\t\t\t<key>kSecTrustSettingsResult</key>\n\t\t\t\t\t<integer>RESULT</integer>\n\t\t\t\t</dict>\n`
const conditions = condition('KoZIhvdjZAED', 'sslServer') + condition('KoZIhvdjZAEC', 'basicX509')

function exported(settings) {
  const entries = Object.entries(settings).map(
    ([sha1, result]) =>
      `\t\t<key>${sha1}</key>\n\t\t<dict>\n\t\t\t<key>issuerName</key>\n\t\t\t<data>\n\t\t\tMEAxEzARBgoJkiaJk/IsZAEZFgNjb20=\n\t\t\t</data>\n\t\t\t<key>modDate</key>\n\t\t\t<date>2021-08-20T14:15:32Z</date>\n\t\t\t<key>serialNumber</key>\n\t\t\t<data>\n\t\t\tAQ==\n\t\t\t</data>\n\t\t\t<key>trustSettings</key>\n\t\t\t<array>\n${conditions.replaceAll('RESULT', result)}\t\t\t</array>\n\t\t</dict>\n`,
  )
  return `<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">\n<plist version="1.0">\n<dict>\n\t<key>trustList</key>\n\t<dict>\n${entries.join('')}\t</dict>\n\t<key>trustVersion</key>\n\t<integer>1</integer>\n</dict>\n</plist>\n`
}

const acts = {
  'find-certificate'() {
    const path = words.at(-1)
    // `-c` is a part of the common name (security(1)).
    const named = words.includes('-c') ? words[words.indexOf('-c') + 1] : ''
    const isNamed = (pem) => new X509Certificate(pem).subject.includes(named)
    const kept = load(keychainFile(path), [])?.filter(isNamed)
    if (!kept || kept.length === 0)
      end('security: SecKeychainSearchCopyNext: The specified item could not be found in the keychain.', 44)
    process.stdout.write(kept.join(''))
  },
  'trust-settings-export'() {
    const settings = load(settingsFile(domain), {})
    if (Object.keys(settings).length === 0)
      end('SecTrustSettingsCreateExternalRepresentation: No Trust Settings were found.', 1)
    writeFileSync(
      words.at(-1),
      existsSync(join(state, 'plist')) ? readFileSync(join(state, 'plist')) : exported(settings),
    )
    process.stdout.write('...Trust Settings exported successfully.\n')
  },
  'add-trusted-cert'() {
    const pem = readFileSync(words.at(-1), 'utf8')
    const keychain = keychainFile(words[words.indexOf('-k') + 1])
    const kept = load(keychain, [])
    // It goes into the keychain first; the dialog is for the trust in it.
    if (!kept.some((each) => sha1Of(each) === sha1Of(pem))) save(keychain, [...kept, pem])
    ask('SecTrustSettingsSetTrustSettings')
    save(settingsFile(domain), { ...load(settingsFile(domain), {}), [sha1Of(pem)]: 1 })
  },
  'remove-trusted-cert'() {
    const { [sha1Of(readFileSync(words.at(-1), 'utf8'))]: found, ...others } = load(settingsFile(domain), {})
    if (found === undefined)
      end('SecTrustSettingsRemoveTrustSettings: The specified item could not be found in the keychain.', 1)
    ask('SecTrustSettingsRemoveTrustSettings')
    save(settingsFile(domain), others)
  },
  'delete-certificate'() {
    const [sha1, keychain] = [words[words.indexOf('-Z') + 1], keychainFile(words.at(-1))]
    const kept = load(keychain, [])
    if (!kept.some((each) => sha1Of(each) === sha1)) end(`Unable to delete certificate matching "${sha1}"`, 1)
    save(
      keychain,
      kept.filter((each) => sha1Of(each) !== sha1),
    )
  },
}

const act = acts[verb]
if (!act) end(`security: unknown command "${verb}"`, 2)
act()
