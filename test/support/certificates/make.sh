#!/bin/sh
# Makes what is in this folder. The hosts are those that the local AWS gives to clusters of account 123456789012 in us-east-1.
set -eu
cd "$(dirname "$0")"
HOSTS='DNS:*.cluster-c667d9560122.us-east-1.rds.amazonaws.com,DNS:*.cluster-ro-c667d9560122.us-east-1.rds.amazonaws.com'
new_key='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'
openssl req -x509 $new_key -days 36500 -subj '/CN=Test authority' -keyout ca.key -out ca.pem
openssl req $new_key -subj '/CN=Test database' -keyout database.key -out database.csr
echo "subjectAltName=$HOSTS" > database.ext
openssl x509 -req -days 36500 -in database.csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile database.ext -out database.pem
rm ca.key ca.srl database.csr database.ext
