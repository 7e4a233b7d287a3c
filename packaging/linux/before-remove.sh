# What Edgekeep changed on this computer outlives its package, and is undone by the program that goes now. What is
# still there is said; where nothing is, nothing is said. Files of users are looked for and not read.
edgekeep_left() {
  for file in /etc/sysctl.d/50-edgekeep.conf /etc/systemd/dns-delegate.d/edgekeep.dns-delegate \
    /etc/systemd/resolved.conf.d/50-edgekeep.conf /usr/local/share/ca-certificates/edgekeep-*.crt \
    /etc/pki/ca-trust/source/anchors/edgekeep-*.pem /etc/pki/trust/anchors/edgekeep-*.pem \
    /etc/firefox/policies/policies.json.with-edgekeep; do
    [ ! -e "$file" ] || echo "  $file"
  done
  if grep -qs '^# Edgekeep: begin' /etc/hosts; then echo '  /etc/hosts, names that point to this computer'; fi
  while IFS=: read -r name _ _ _ _ home _; do
    # An index of no changes has two bytes.
    if [ -n "$(find "$home/.local/share/edgekeep/trust/changes/index.json" -type f -size +2c 2>/dev/null)" ]; then
      echo "  changes by $name, noted in $home/.local/share/edgekeep/trust"
    fi
    for entry in "$home"/.config/autostart/edgekeep*.desktop "$home"/.config/systemd/user/edgekeep*.service; do
      [ ! -e "$entry" ] || echo "  $entry"
    done
  done < /etc/passwd
}
left=$(edgekeep_left)
if [ -n "$left" ]; then
  echo 'Edgekeep changed this computer, and its removal does not undo that:'
  printf '%s\n' "$left"
  echo 'To undo it, everybody who used Edgekeep runs "edgekeep uninstall", before the removal or after installing it again.'
fi
# The running app, engines and edges go with their files: asked first, so that they end in order.
edgekeep_processes() {
  for exe in /proc/[0-9]*/exe; do
    case "$(readlink "$exe" 2>/dev/null)" in
      /usr/lib/edgekeep/*) pid=${exe#/proc/} && echo "${pid%/exe}" ;;
    esac
  done
}
for signal in TERM KILL; do
  running=$(edgekeep_processes)
  [ -n "$running" ] || break
  # A process that ended meanwhile is no failure.
  kill -s "$signal" $running 2>/dev/null || true
  waited=0
  while [ "$waited" -lt 10 ] && [ -n "$(edgekeep_processes)" ]; do
    sleep 1
    waited=$((waited + 1))
  done
done
