#!/bin/sh
# prepare.sh FOLDER: what all adapters of a language share, in $B. The network is used here alone.
set -eu
S=$(cd "$(dirname "$0")" && pwd)/$1
B=${B:?}
case $1 in
c | perl | ruby) ;;
python)
    python3 -m venv "$B/venv"
    "$B/venv/bin/pip" -q --disable-pip-version-check install -r "$S/requirements.txt"
    ;;
node)
    cp "$S"/*.js "$S/package.json" "$B/"
    cd "$B"
    # no scripts: what a package ships is used, nothing is built or fetched by it
    npm install --silent --no-package-lock --no-audit --no-fund --ignore-scripts
    ;;
go)
    rm -rf "$B/src"
    cp -R "$S" "$B/src"
    cd "$B/src"
    go mod vendor
    # The receiver's function is not exported: a file of ours is laid beside it.
    cp otel/export/wevgen_export.go.txt \
        vendor/github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/input/windows/wevgen_export.go
    ;;
java)
    mkdir -p "$B/classes" "$B/aalto"
    mvn -q -B -f "$S/pom.xml" dependency:copy-dependencies "-DoutputDirectory=$B/lib"
    # Apart: on the class path it would be taken for every StAX.
    mv "$B"/lib/aalto-*.jar "$B/aalto/"
    javac -nowarn -d "$B/classes" -cp "$B/lib/*:$B/aalto/*" "$S"/*.java
    ;;
mono) mcs -out:"$B/adapters.exe" -r:System.Xml.dll -r:System.Xml.Linq.dll -r:System.Core.dll "$S"/*.cs ;;
rust)
    rm -rf "$B/src"
    cp -R "$S" "$B/src"
    cd "$B/src"
    cargo fetch -q
    ;;
*)
    echo "no such folder: $1"
    exit 2
    ;;
esac
