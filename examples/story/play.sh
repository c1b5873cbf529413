#!/bin/sh
# The whole story with throw-away keys, as `make demo` plays it: an agreement is drafted, signed by both sides and
# activated; a recording obeys it; the works council suspends it in the middle of a second one; an auditor verifies
# the log and rejects forged copies. Each line after "$" can be typed as it stands, in the repository's directory.
#
# usage: sh examples/story/play.sh [DIRECTORY]        (out/demo; what an earlier run left there is removed)
set -eu
cd "$(dirname "$0")/../.."
out=${1:-out/demo}
station=sample_videos/stations/assembly_bench.yaml
video=sample_videos/assembly_bench.mp4
keys=$out/keys plant=$out/plant log=$out/plant/log
secret=$keys/passphrase

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
run() { printf '$ %s\n' "$*"; "$@"; }
refused() { # a command that must fail
    printf '$ %s\n' "$*"
    if "$@"; then echo "this should have been refused"; exit 1; fi
}
background=
start() { # what it says goes into the file that is named first
    said=$1; shift
    printf '$ %s &\n' "$*"
    "$@" > "$said" 2>&1 & background="$background $!"
}
clean_up() { for process in $background; do kill "$process" 2>/dev/null || true; done; }
trap clean_up EXIT
wait_for() { # a file, for at most half a minute
    tries=0
    until [ -s "$1" ]; do
        tries=$((tries + 1)); [ "$tries" -lt 150 ] || { echo "$1 did not appear"; exit 1; }
        sleep 0.2
    done
}
key() { echo "$keys/demo.example_$1.key"; }
vkey() { echo "$keys/demo.example_$1.vkey"; }

rm -rf "$out"
mkdir -p "$keys"
echo "everybody can read this" > "$secret"

say "1. Employer, works council, its witness, the plant's log and a recorder get a key each."
for role in employer works-council witness plant-log device; do
    run fairtakt keys new "demo.example/$role" --role "$role" --out "$keys" --passphrase-file "$secret"
done

say "2. The agreement is drafted, checked, written out for people to read, and signed by both sides."
draft=$out/agreement.yaml one=$out/agreement-signed-by-one.note signed=$out/agreement.note
run fairtakt agreement draft "$draft" --site "demo hall" --station "$station" --first-day "$(date -u +%F)" \
    --time-zone UTC --employer "$(vkey employer)" --council "$(vkey works-council)"
refused fairtakt agreement check "$draft"
echo "It lacks the reason why a milder means will not do; both sides write it down:"
run sed -i -e 's/^necessity: null/necessity:/' \
    -e 's/^  # de: .../  de: Gerenderte Bewegung einer Vorführung; es gibt niemanden, der sich aufschreiben könnte./' \
    -e 's/^  # en: .../  en: Rendered motion of a demonstration; there is nobody who could record themselves./' "$draft"
run fairtakt agreement check "$draft"
run fairtakt agreement render "$draft" --out "$out/agreement"
run fairtakt agreement sign "$draft" --key "$(key employer)" --out "$one" --passphrase-file "$secret"
run fairtakt agreement sign "$one" --key "$(key works-council)" --out "$signed" --passphrase-file "$secret"

say "3. The plant begins a log; its operator and the works council's witness start to work."
run fairtakt log init "$plant" --key "$(key plant-log)" --employer "$(vkey employer)" \
    --council "$(vkey works-council)" --witness "$(vkey witness)" --passphrase-file "$secret"
mkdir "$out/witness"
start "$out/witness.txt" fairtakt witness serve --key "$(key witness)" --log-key "$(vkey plant-log)" \
    --state "$out/witness" --passphrase-file "$secret"
wait_for "$out/witness.txt"
address=$(sed -n 's/^listening on //p' "$out/witness.txt")
start "$out/operator.txt" fairtakt log operate "$plant" --key "$(key plant-log)" --witness-url "$address" \
    --passphrase-file "$secret"
status() { fairtakt agreement status "$plant" --log-key "$(vkey plant-log)"; }
wait_until() { # the status says so, for at most half a minute
    tries=0
    until status | grep -q "$1"; do
        tries=$((tries + 1)); [ "$tries" -lt 30 ] || { echo "the log does not say: $1"; status; exit 1; }
        sleep 0.3
    done
}

say "4. The agreement is handed in and put into force; the recorder is enrolled."
run fairtakt agreement propose "$plant" "$signed"
wait_until "signed by both"
run fairtakt agreement activate "$plant" --key "$(key employer)" --passphrase-file "$secret"
run fairtakt keys add "$plant" "$(vkey device)" --role device --device "bench recorder" --key "$(key employer)" \
    --passphrase-file "$secret"
wait_until "active"
run fairtakt agreement status "$plant" --log-key "$(vkey plant-log)"

record() { # into a directory, with further options
    into=$1; shift
    run fairtakt record --station "$station" --source "$video" --out "$into" --plant "$plant" \
        --log-key "$(vkey plant-log)" --device-key "$(key device)" --passphrase-file "$secret" "$@"
}

say "5. A recording under the agreement, compared with the truth of the rendered sample."
record "$out/recording"
run fairtakt evaluate --intervals "$out/recording/intervals.parquet" --truth sample_videos/assembly_bench.truth.csv

say "6. 40 seconds more, as a camera delivers them; the works council suspends in the middle, then both sides resume."
record "$out/suspended-recording" --paced --for 40 > "$out/suspended-recording.txt" 2>&1 & recorder=$!
background="$background $recorder"
wait_until "^recording assembly_bench"
sleep 3
run fairtakt agreement suspend "$plant" --key "$(key works-council)" --passphrase-file "$secret"
wait_until "suspended"
run fairtakt agreement status "$plant" --log-key "$(vkey plant-log)"
run fairtakt agreement resume "$plant" --key "$(key employer)" --out "$out/resume.act" --passphrase-file "$secret"
run fairtakt agreement resume "$plant" --key "$(key works-council)" --act "$out/resume.act" --passphrase-file "$secret"
echo "waiting for the end of the recording ..."
wait "$recorder"
cat "$out/suspended-recording.txt"
echo "In its intervals stands when nothing was looked at, and why:"
run grep -e "^station" -e suspended "$out/suspended-recording/intervals.csv"

say "7. An auditor, who trusts three keys and nobody's word, verifies the log."
{
    echo "log $(cat "$(vkey plant-log)")"
    echo "witness council $(cat "$(vkey witness)")"
    echo "quorum council"
    echo "employer $(cat "$(vkey employer)")"
    echo "works-council $(cat "$(vkey works-council)")"
} > "$out/policy"
run cat "$out/policy"
run fairtakt audit verify "$log" --policy "$out/policy"
run fairtakt audit report "$log" --policy "$out/policy" --out "$out/audit"

say "8. Two forged copies of the log. In one a byte of an entry is changed ..."
cp -r "$log" "$out/forged-byte"
bundle=$(find "$out/forged-byte/tile/entries" -type f | sort -V | tail -n 1)
run sed -i 's/decision of a party/decision of a partY/' "$bundle"
refused fairtakt audit verify "$out/forged-byte" --policy "$out/policy"
say "   ... the other never had a suspension, and is sealed anew with the log's own key."
run python examples/story/forge.py "$log" "$out/forged-log" --key "$(key plant-log)" --passphrase-file "$secret"
refused fairtakt audit verify "$out/forged-log" --policy "$out/policy"

say "To look at: $out/recording/report.html, $out/agreement/agreement.en.html, $out/audit/"
