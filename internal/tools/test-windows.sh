#!/usr/bin/env bash
# The short tests as Windows runs them, under Wine; that they compile there is tried
# without it. One package that fails does not keep the others from being tried.
set -uo pipefail
cd "$(dirname "$0")/../.."
GO=${GO:-go}
GOOS=windows GOARCH=amd64 CGO_ENABLED=0 "$GO" vet ./... || exit 1
wine=$(command -v wine64 || command -v wine || true)
version=$([ -n "$wine" ] && "$wine" --version 2>/dev/null | sed 's/^wine-\([0-9]*\).*/\1/')
if [ -z "$wine" ] || [ "${version:-0}" -lt 10 ]; then
	echo "NOT CHECKED: needs Wine 10 or newer (Debian trixie has it); here is ${wine:-none}${version:+, version $version}"
	exit 0
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failed=0
for package in $("$GO" list ./... | grep -v '/internal/tools/\|/frameworks/contenders/'); do
	directory=$("$GO" list -f '{{.Dir}}' "$package")
	GOOS=windows GOARCH=amd64 CGO_ENABLED=0 "$GO" test -c -o "$folder/test.exe" "$package" || { failed=1; continue; }
	[ -f "$folder/test.exe" ] || continue # it has no tests there
	(cd "$directory" && WINEDEBUG=-all "$wine" "$folder/test.exe" -test.short -test.timeout 10m) && echo "ok    $package" || { echo "FAIL  $package"; failed=1; }
	rm -f "$folder/test.exe"
done
exit $failed
