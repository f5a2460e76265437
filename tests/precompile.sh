#!/usr/bin/env bash
# Compiles what the tests start for this processor, as the images have it (ReadyToRun), in place: tests start hundreds of processes, and
# each would compile the same code anew, which is a third of what they cost. What was compiled once is kept in artifacts/precompiled.
. "$(dirname "${BASH_SOURCE[0]}")/../infra/lib.sh"
need_dotnet
cd "$repo"
dotnet restore tests/Compiler.proj >/dev/null
compiler=$(dotnet msbuild tests/Compiler.proj -nologo -t:CompilerPath | tr -d ' ')
kept=$repo/artifacts/precompiled
mkdir -p "$kept"

# A line for each assembly: hash, path. What is tiny, or never called here, is not worth it.
assemblies() { find "$@" -maxdepth 1 -name '*.dll' -size +14k ! -name 'SharpCompress.dll' ! -name 'ZstdSharp.dll' ! -name 'Snappier.dll' ! -name '*OpenApi.dll' -exec sha256sum {} + | sort -u; }
programs=()
for project in services/*/*/; do
  out=artifacts/bin/$(basename "$project")/release
  [ -z "$(find "$out" -maxdepth 1 -name '*.runtimeconfig.json' 2>/dev/null)" ] || programs+=("$out")
done

dotnet --list-runtimes | sed -nE 's|^([^ ]+) (10[^ ]*) \[(.*)\]$|-r:\3/\2/*.dll|p' >"$kept/frameworks.rsp"
# Under its new hash too: what stands compiled in its place is not compiled again.
compile() {
  "$compiler" "$2" "@$kept/frameworks.rsp" "-r:$(dirname "$2")/*.dll" -O -o "$kept/$1.new" >/dev/null
  ln -f "$kept/$1.new" "$kept/$(sha256sum <"$kept/$1.new" | cut -d ' ' -f 1).dll"
  mv "$kept/$1.new" "$kept/$1.dll"
}
export -f compile
export compiler kept
assemblies "${programs[@]}" | awk '!seen[$1]++' | while read -r hash path; do [ -e "$kept/$hash.dll" ] || echo "$hash $path"; done | xargs -r -P "$(nproc)" -L 1 bash -ec 'compile "$1" "$2"' --

assemblies artifacts/bin/*/release | while read -r hash path; do [ ! -e "$kept/$hash.dll" ] || cp "$kept/$hash.dll" "$path"; done
