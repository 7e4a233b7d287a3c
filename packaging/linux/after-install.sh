# The AppArmor profile goes where AppArmor knows its language, version 4 or later. Others need none.
profile=/etc/apparmor.d/edgekeep-desktop
if [ -e /etc/apparmor.d/abi/4.0 ]; then
  cp /usr/lib/edgekeep/apparmor-profile "$profile"
  if aa-enabled --quiet 2>/dev/null; then
    apparmor_parser --replace --write-cache --skip-read-cache "$profile"
  fi
fi
