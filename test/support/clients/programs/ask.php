<?php
echo 'PHP ' . PHP_VERSION . ', ' . OPENSSL_VERSION_TEXT . "\n";
while (($line = fgets(STDIN)) !== false) {
  [$host, $port] = explode(' ', trim($line));
  $context = stream_context_create(['ssl' => ['peer_name' => $host, 'cafile' => $argv[1], 'SNI_enabled' => true]]);
  $messages = [];
  set_error_handler(function ($code, $message) use (&$messages) { $messages[] = $message; return true; });
  $socket = stream_socket_client("ssl://127.0.0.1:$port", $errno, $errstr, 20, STREAM_CLIENT_CONNECT, $context);
  restore_error_handler();
  if ($socket !== false) {
    fclose($socket);
    echo "accepts\n";
    continue;
  }
  echo str_replace("\n", ' ', preg_replace('/^stream_socket_client\(\): /', '', $messages[0] ?? $errstr)) . "\n";
}
