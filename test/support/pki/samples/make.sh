#!/bin/sh
# Makes the samples beside this file with OpenSSL 3.5, ssh-keygen and pk12util (NSS): a small authority, leaves of
# every key type, and the forms in which people keep them. Passphrase of all that have one:
# "open sesame". Nothing of it is used outside of the tests.
set -eu
cd "$(dirname "$0")"
rm -f ./*.pem ./*.der ./*.p12 ./*.p7b ./*.srl
P='pass:open sesame'
days=36500
legacy='-provider legacy -provider default'

conf=$(mktemp)
trap 'rm -f "$conf"' EXIT
cat > "$conf" <<'CONF'
[req]
distinguished_name = dn
[dn]
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[below]
basicConstraints = critical, CA:TRUE
[intermediate]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
nameConstraints = critical, permitted;DNS:shop.test, excluded;IP:10.0.0.0/255.0.0.0
[leaf]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature, keyEncipherment
extendedKeyUsage = serverAuth, clientAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = DNS:shop.test, DNS:*.shop.test, IP:127.0.0.1, IP:::1, email:owner@shop.test, URI:https://shop.test/
certificatePolicies = 2.23.140.1.2.1, @statement
authorityInfoAccess = OCSP;URI:http://ocsp.shop.test/, caIssuers;URI:http://ca.shop.test/ca.crt
crlDistributionPoints = URI:http://ca.shop.test/ca.crl
tlsfeature = status_request
1.2.3.4 = ASN1:UTF8String:Hello
[statement]
policyIdentifier = 1.2.3.4.5
CPS.1 = https://shop.test/cps
[ca]
default_ca = crl
[crl]
database = revoked.tmp
default_md = sha256
CONF

key() { openssl genpkey -quiet -out "$1.key.pem" $2; }
sign() { # subject, request key, out, section, issuer, hash
  openssl req -new -config "$conf" -key "$2.key.pem" -subj "$1" -out request.tmp
  openssl x509 -req -in request.tmp -CA "$5.crt.pem" -CAkey "$5.key.pem" -days $days -extfile "$conf" \
    -extensions "$4" -"$6" -out "$3.crt.pem" 2>/dev/null
  rm -f request.tmp
}

key root '-algorithm EC -pkeyopt ec_paramgen_curve:P-384'
openssl req -x509 -config "$conf" -extensions root -key root.key.pem -subj '/C=NL/O=Samples/CN=Sample root' -days $days -out root.crt.pem
key intermediate '-algorithm EC -pkeyopt ec_paramgen_curve:P-256'
sign '/C=NL/O=Samples/CN=Sample intermediate' intermediate intermediate intermediate root sha256

key rsa '-algorithm RSA -pkeyopt rsa_keygen_bits:2048'
key rsa-pss '-algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048'
key p256 '-algorithm EC -pkeyopt ec_paramgen_curve:P-256'
key p384 '-algorithm EC -pkeyopt ec_paramgen_curve:P-384'
key p521 '-algorithm EC -pkeyopt ec_paramgen_curve:P-521'
key k256 '-algorithm EC -pkeyopt ec_paramgen_curve:secp256k1'
key ed25519 '-algorithm ED25519'
key ed448 '-algorithm ED448'
key rsa1024 '-algorithm RSA -pkeyopt rsa_keygen_bits:1024'
openssl dsaparam -quiet -genkey -out dsa.trad.tmp 2048 2>/dev/null && openssl pkey -in dsa.trad.tmp -out dsa.key.pem && rm dsa.trad.tmp
for name in rsa rsa-pss p256 p384 p521 k256 ed25519 ed448 rsa1024 dsa; do
  sign "/CN=shop.test" $name $name leaf intermediate sha256
done
sign '/CN=shop.test' rsa rsa-sha1 leaf intermediate sha1

# An issuer with the right name and the wrong key.
key impostor '-algorithm EC -pkeyopt ec_paramgen_curve:P-256'
openssl req -x509 -config "$conf" -extensions root -key impostor.key.pem -subj '/C=NL/O=Samples/CN=Sample intermediate' -days $days -out impostor.crt.pem
rm impostor.key.pem

# Forms of keys.
openssl pkey -in rsa.key.pem -traditional -out rsa.pkcs1.pem
{ openssl ecparam -name prime256v1; openssl pkey -in p256.key.pem -traditional; } > p256.sec1-with-parameters.pem
openssl ec -in p256.key.pem -conv_form compressed -out p256.compressed.pem 2>/dev/null
openssl pkcs8 -topk8 -nocrypt -in rsa.key.pem -outform DER -out rsa.key.der
openssl pkey -in p256.key.pem -traditional -outform DER -out p256.sec1.der
openssl pkey -in rsa.key.pem -traditional -aes256 -passout "$P" -out rsa.traditional-encrypted.pem
openssl pkey -in rsa.key.pem -traditional -des $legacy -passout "$P" -out rsa.traditional-des.pem
openssl pkcs8 -topk8 -in p256.key.pem -passout "$P" -out p256.encrypted.pem
openssl pkcs8 -topk8 -in p256.key.pem -passout "$P" -outform DER -out p256.encrypted.der
openssl pkcs8 -topk8 -in p256.key.pem -scrypt -passout "$P" -out p256.encrypted-scrypt.pem
openssl pkcs8 -topk8 -in p256.key.pem -v1 PBE-SHA1-3DES -passout "$P" -out p256.encrypted-3des.pem
openssl pkcs8 -topk8 -in p256.key.pem -v1 PBE-MD5-DES $legacy -passout "$P" -out p256.encrypted-md5-des.pem
openssl pkcs8 -topk8 -in p256.key.pem -v1 PBE-SHA1-RC4-128 $legacy -passout "$P" -out p256.encrypted-rc4.pem
openssl pkcs8 -topk8 -in p256.key.pem -v1 PBE-SHA1-RC2-40 $legacy -passout "$P" -out p256.encrypted-rc2.pem
for cipher in rc2 des-cbc aes-128-cbc; do
  openssl pkcs8 -topk8 -in p256.key.pem -v2 $cipher $legacy -passout "$P" -out "p256.encrypted-v2-$cipher.pem"
done
openssl pkcs8 -topk8 -in p256.key.pem -iter 50000000 -passout pass: -out p256.encrypted-costly.pem 2>/dev/null &
costly=$!
ssh-keygen -q -t ed25519 -N '' -C sample -f ssh.tmp && mv ssh.tmp openssh.pem && mv ssh.tmp.pub openssh.pub.pem
ssh-keygen -q -t ecdsa -N 'open sesame' -C sample -f ssh.tmp && mv ssh.tmp openssh-encrypted.pem && rm ssh.tmp.pub
openssl pkey -in p256.key.pem -pubout -out p256.pub.pem

# A chain with more intermediates than any has: one key signs itself up eleven times.
above=root
for level in 1 2 3 4 5 6 7 8 9 10 11; do
  key "level$level" '-algorithm ED25519'
  sign "/CN=Level $level" "level$level" "level$level" below "$above" sha256
  above=level$level
done
sign '/CN=deep.test' p256 deep leaf level11 sha256
for level in 11 10 9 8 7 6 5 4 3 2 1; do cat "level$level.crt.pem" >> deep.crt.pem; done
rm level*.pem

# Forms of certificates.
openssl x509 -in rsa.crt.pem -outform DER -out rsa.crt.der
openssl x509 -in rsa.crt.pem -trustout -addtrust serverAuth -setalias shop -out rsa.trusted.pem
openssl crl2pkcs7 -nocrl -certfile rsa.crt.pem -certfile intermediate.crt.pem -certfile root.crt.pem -out chain.p7b
openssl pkcs7 -in chain.p7b -outform DER -out chain.p7b.der
openssl req -new -config "$conf" -key p256.key.pem -subj '/CN=shop.test' -reqexts leaf -out p256.request.pem 2>/dev/null ||
  openssl req -new -config "$conf" -key p256.key.pem -subj '/CN=shop.test' -addext 'subjectAltName=DNS:shop.test' -out p256.request.pem
true > revoked.tmp
openssl ca -config "$conf" -gencrl -keyfile root.key.pem -cert root.crt.pem -crldays 30 -out root.crl.pem 2>/dev/null

# One with so many entries that it is larger than any key.
for serial in $(seq 1001 3000); do
  printf 'R\t300101000000Z\t260101000000Z,keyCompromise\t%s%s\tunknown\t/CN=x%s\n' 4242424242424242 $serial $serial >> revoked.tmp
done
openssl ca -config "$conf" -gencrl -keyfile root.key.pem -cert root.crt.pem -crldays 30 -out large.tmp 2>/dev/null
openssl crl -in large.tmp -outform DER -out large.crl.der
rm -f large.tmp revoked.tmp revoked.tmp.attr

# PKCS#12.
cat intermediate.crt.pem root.crt.pem > above.tmp
p12() { out=$1 name=$2; shift 2; openssl pkcs12 -export -in "$name.crt.pem" -inkey "$name.key.pem" -certfile above.tmp -name shop -out "$out.p12" "$@"; }
p12 rsa-aes rsa -passout "$P"
p12 p256-aes-sha1-mac p256 -passout "$P" -macalg sha1
p12 rsa-legacy-rc2 rsa -passout "$P" -legacy
p12 p256-3des p256 -passout "$P" -legacy -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES
p12 rsa-empty-password rsa -passout pass:
p12 rsa-no-mac rsa -passout "$P" -nomac
p12 rsa-unencrypted rsa -passout pass: -keypbe NONE -certpbe NONE -nomac
p12 p256-pbmac1 p256 -passout "$P" -pbmac1_pbkdf2
rm -f above.tmp
nss=$(mktemp -d)
certutil -N -d "sql:$nss" --empty-password
pk12util -i rsa-legacy-rc2.p12 -d "sql:$nss" -W 'open sesame' -K ''
pk12util -o rsa-firefox.p12 -n shop -d "sql:$nss" -W 'open sesame' -K ''
rm -rf "$nss"

# What is old or from elsewhere: OpenSSL's legacy provider, NSS' 3DES and RC2-40 with its 600,000 rounds, Java.
legacy='-provider legacy -provider default'
for pbe in MD5-RC2-64 SHA1-RC2-64; do
  openssl pkcs8 $legacy -topk8 -in p256.key.pem -v1 "PBE-$pbe" -passout "$P" -out "p256.encrypted-$(echo $pbe | tr A-Z a-z).pem"
done
for cipher in camellia-256-cbc aria-192-cbc seed-cbc; do
  openssl pkcs8 $legacy -topk8 -in p256.key.pem -v2 $cipher -passout "$P" -out "p256.encrypted-v2-$cipher.pem"
done
for cipher in rc2-cbc rc2-40-cbc rc2-64-cbc camellia-128-cbc aria-256-cbc seed-cbc; do
  openssl ec $legacy -in p256.key.pem -$cipher -passout "$P" -out "p256.traditional-$cipher.pem"
done
openssl pkcs12 -export -legacy -in p256.crt.pem -inkey p256.key.pem -certpbe PBE-SHA1-RC4-40 -keypbe PBE-SHA1-RC4-128 -passout "$P" -out p256-rc4.p12
openssl pkcs12 -export -in p256.crt.pem -inkey p256.key.pem -name shop -passout "$P" -out in.tmp
nss=$(mktemp -d)
certutil -N -d "sql:$nss" --empty-password
pk12util -i in.tmp -d "sql:$nss" -W 'open sesame' -K ''
pk12util -o p256-nss.p12 -n shop -d "sql:$nss" -W 'open sesame' -K '' -c 'PKCS #12 V2 PBE With SHA-1 And 3KEY Triple DES-CBC' -C 'PKCS #12 V2 PBE With SHA-1 And 40 Bit RC2 CBC'
rm -rf "$nss"
for store in jks jceks; do
  keytool -importkeystore -srckeystore in.tmp -srcstoretype PKCS12 -srcstorepass 'open sesame' -destkeystore p256.$store -deststoretype $store -deststorepass 'open sesame' -destkeypass 'open sesame'
done
keytool -importcert -noprompt -alias root -file root.crt.pem -keystore p256.jks -storepass 'open sesame'
cp p256.jceks p256-secret.jceks
keytool -genseckey -alias secret -keyalg AES -keysize 128 -keystore p256-secret.jceks -storetype JCEKS -storepass 'open sesame' -keypass 'open sesame'
rm -f in.tmp
wait $costly || true
