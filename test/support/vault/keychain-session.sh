# Runs a command with a Secret Service of its own: keychain-session.sh unlocked|locked COMMAND…
# It ends with the bus that it is on.
keyring=$1
shift
if [ "$keyring" = unlocked ]; then
  printf passphrase | gnome-keyring-daemon --unlock --components=secrets --daemonize >/dev/null
else
  gnome-keyring-daemon --start --components=secrets --daemonize >/dev/null
fi
exec "$@"
