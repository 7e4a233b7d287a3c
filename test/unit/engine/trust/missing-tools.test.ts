import { afterEach, expect, test } from 'vitest'
import { administratorsShell } from '../../../../src/platform/commands/administrator.ts'
import { findStores } from '../../../../src/engine/trust/stores/find-stores.ts'
import { linuxSystemStore } from '../../../../src/engine/trust/stores/linux-system.ts'
import { commandFor } from '../../../../src/platform/commands/host-environment.ts'
import { recordedSystem, type RecordedSystem } from '../../../support/engine/recorded-system.ts'

/*
 * Install commands for missing tools, by system. The names are those of the distributions' own
 * packages; only Debian's were installed by them.
 */

let system: RecordedSystem
afterEach(() => system.close())

const certutil = 'NSS’s certutil, which reads and writes this database, is not installed.'

interface Commands {
  certutil: string | null
  roots: [tool: string, command: string] | null
  pkexec: string | null
}

const caCertificates = 'update-ca-certificates'
const caTrust = 'update-ca-trust'
const distributions: [name: string, osRelease: string, commands: Commands][] = [
  [
    'Debian',
    'ID=debian',
    {
      certutil: 'sudo apt install libnss3-tools',
      roots: [caCertificates, 'sudo apt install ca-certificates'],
      pkexec: 'sudo apt install pkexec',
    },
  ],
  [
    'Ubuntu',
    'ID=ubuntu\nID_LIKE=debian',
    {
      certutil: 'sudo apt install libnss3-tools',
      roots: [caCertificates, 'sudo apt install ca-certificates'],
      pkexec: 'sudo apt install pkexec',
    },
  ],
  [
    'Fedora',
    'ID=fedora',
    {
      certutil: 'sudo dnf install nss-tools',
      roots: [caTrust, 'sudo dnf install ca-certificates'],
      pkexec: 'sudo dnf install polkit',
    },
  ],
  [
    'Arch',
    'ID=arch',
    {
      certutil: 'sudo pacman -S nss',
      roots: [caTrust, 'sudo pacman -S ca-certificates-utils'],
      pkexec: 'sudo pacman -S polkit',
    },
  ],
  [
    'openSUSE',
    'ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"',
    {
      certutil: 'sudo zypper install mozilla-nss-tools',
      roots: [caCertificates, 'sudo zypper install ca-certificates'],
      pkexec: 'sudo zypper install pkexec',
    },
  ],
  [
    'Alpine',
    'ID=alpine',
    {
      certutil: 'sudo apk add nss-tools',
      roots: [caCertificates, 'sudo apk add ca-certificates'],
      pkexec: 'sudo apk add polkit',
    },
  ],
  // Its roots and polkit are of its configuration, which a command does not change.
  ['NixOS', 'ID=nixos', { certutil: 'nix-shell -p nss.tools', roots: null, pkexec: null }],
  ['another Linux', 'ID=void', { certutil: null, roots: null, pkexec: null }],
]

test.each(distributions)('%s', async (_, osRelease, { certutil: command, roots, pkexec }) => {
  system = recordedSystem('linux')
  system.write('etc/os-release', osRelease)
  const { hostEnvironment, root } = system
  expect(await findStores(hostEnvironment).nssOf('').obstacle()).toEqual({ sentence: certutil, command })
  const obstacle = await linuxSystemStore(hostEnvironment).obstacle()
  if (roots) {
    const [tool, install] = roots
    const sentence = `${tool}, which builds the system’s certificates, is not installed.`
    expect(obstacle).toEqual({ sentence, command: install })
    system.write(`usr/sbin/${tool}`, '#!/bin/sh\n', 0o755)
    expect(await linuxSystemStore(hostEnvironment).obstacle()).toBe(null)
  } else expect(obstacle).toMatchObject({ command: null })
  const shell = administratorsShell('true', { platform: 'linux', isRoot: false, env: {}, root })
  expect(shell.refusal({ status: null, stdout: '', stderr: 'spawn pkexec ENOENT' })).toBe(
    `polkit’s pkexec, which asks for the rights of the administrator, is not installed.${pkexec ? ` Run: ${pkexec}` : ''}`,
  )
})

test('macOS', () => {
  system = recordedSystem('darwin')
  expect(commandFor('certutil', system.hostEnvironment)).toBe('brew install nss')
})

test('Windows, whose own certutil is another program, and which has no package of NSS’s', async () => {
  system = recordedSystem('win32')
  system.write('bin/certutil.exe', '#!/bin/sh\n', 0o755)
  const store = findStores(system.hostEnvironment).nssOf('')
  expect(await store.obstacle()).toEqual({ sentence: certutil, command: null })
})
