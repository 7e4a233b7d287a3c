import platform, socket, ssl, sys

context = ssl.create_default_context(cafile=sys.argv[1])
print(f"Python {platform.python_version()}, {ssl.OPENSSL_VERSION}", flush=True)
for line in sys.stdin:
    host, port = line.split()
    try:
        with socket.create_connection(("127.0.0.1", int(port)), timeout=20) as plain:
            with context.wrap_socket(plain, server_hostname=host):
                print("accepts", flush=True)
    except ssl.SSLCertVerificationError as error:
        print(error.verify_message, flush=True)
    except Exception as error:
        print(getattr(error, "reason", None) or error, flush=True)
