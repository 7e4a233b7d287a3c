profile=/etc/apparmor.d/edgekeep-desktop
if [ -e "$profile" ]; then
  if aa-enabled --quiet 2>/dev/null; then
    apparmor_parser --remove "$profile" || true
  fi
  rm -f "$profile"
fi
