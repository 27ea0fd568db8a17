#!/usr/bin/env bash
# Installs FerretDB, a server that speaks the MongoDB protocol over SQLite, for the tests of the MongoDB
# store: into .cache/ferretdb/, from the Go module proxy, in about two minutes. Needs Go 1.22 or later.
# Running it again does nothing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

version=v1.24.0
module=github.com/FerretDB/FerretDB
# The module's checksum, as the Go checksum database has it.
checksum='h1:7WJmezL48Bj9bYWnhT/bEJgX5gjT5s7LFdHTqkN25rA='
target=.cache/ferretdb

if [ -x "$target/ferretdb" ] && [ "$(cat "$target/version" 2>/dev/null)" = "$version" ]; then
  exit 0
fi
if ! command -v go >/dev/null 2>&1; then
  echo "install-ferretdb: Go is not on the PATH; FerretDB is built with it" >&2
  exit 1
fi

mkdir -p "$target"
work=$(mktemp -d "$PWD/$target/build.XXXXXX")
trap 'chmod -R u+w "$work" && rm -rf "$work"' EXIT

# "go install module@version" is refused: the module's own go.mod replaces and the file that names its
# version is not in the module. So the module is fetched, copied, and built where it can be completed.
mkdir "$work/fetch"
printf 'module fetch\n\ngo 1.22\n\nrequire %s %s\n' "$module" "$version" >"$work/fetch/go.mod"
fetched=$(cd "$work/fetch" && GOFLAGS=-mod=mod go mod download -json "$module@$version")
field() { printf '%s\n' "$fetched" | sed -n "s/^[[:space:]]*\"$1\": \"\(.*\)\",\{0,1\}\$/\1/p"; }
if [ "$(field Sum)" != "$checksum" ]; then
  echo "install-ferretdb: $module $version is not what it was: $(field Sum)" >&2
  exit 1
fi
cp -R "$(field Dir)" "$work/source"
chmod -R u+w "$work/source"
printf '%s' "$version" >"$work/source/build/version/version.txt"

(cd "$work/source" && GOFLAGS=-mod=mod CGO_ENABLED=0 go build -trimpath -o "$work/ferretdb" ./cmd/ferretdb)

mv "$work/ferretdb" "$target/ferretdb"
printf '%s\n' "$version" >"$target/version"
