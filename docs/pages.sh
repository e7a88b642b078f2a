#!/usr/bin/env bash
# Writes the pages that quote measurements, docs/results.md, docs/speed.md and the table in README.md, from the templates in
# docs/figures. Nothing is measured: every number comes from docs/figures/NAME.txt, and where it is from NAME.json.
#
#   pages.sh ROOT [FOLDER]    FOLDER gets README.md and docs/ in the place of ROOT
#
# A template is Markdown with directives:
#
#   {{output NAME}}                    a line of its own: all of NAME.txt in a fence, and where it is from
#   {{mean NAME QUANTITY [DIGITS]}}    mean and standard error of a row of `evaluate`
#   {{found NAME REGEX}}               what the regular expression's first group has, in the first line where it matches
#   {{from NAME}}                      the commands, the revision, the day and the machine
set -euo pipefail

root=$(readlink -f -- "$1")
target=${2:-$root}
figures=$root/docs/figures

fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

# Prints the value of key $2 of measurement $1; texts without their quotation marks.
value() {
  sed -n "s/^  \"$2\": \"\\{0,1\\}\\(.*[^\",]\\)\"\\{0,1\\},\\{0,1\\}\$/\\1/p" "$figures/$1.json"
}

origin() {
  local date load note
  date=$(value "$1" date)
  load=$(value "$1" load)
  note=$(value "$1" note)
  case $load in '' | *[!0-9.]*) ;; *) load="a load of $load" ;; esac
  printf 'revision %s, %s, %s' "$(value "$1" revision)" "${date%%T*}" "$(value "$1" machine)"
  printf '%s%s' "${load:+, $load}" "${note:+. $note}"
}

commands() {
  value "$1" commands | sed -e 's/^\["//' -e 's/"\]*$//' -e 's/", "/`, then `/g' -e 's/\\n/ /g' -e 's/\\//g' -e 's/  */ /g' -e 's/.*/`&`/'
}

mean() {
  awk -v name="$2" -v digits="${3:-2}" '
    $1 == name { printf "%.*f +- %.*f", digits, $2, digits, $3; found = 1; exit }
    END { exit !found }' "$figures/$1.txt" || fail "docs/figures/$1.txt has no row $2"
}

found() {
  local file=$figures/$1.txt
  shift
  local line
  while IFS= read -r line; do
    if [[ $line =~ $* ]]; then
      printf '%s' "${BASH_REMATCH[1]}"
      return
    fi
  done <"$file"
  fail "$file: nothing matches $*"
}

# Prints what the directive $1 stands for.
directive() {
  local name words
  read -r -a words <<<"$1"
  name=${words[1]:-}
  [ -f "$figures/$name.txt" ] && [ -f "$figures/$name.json" ] || fail "{{$1}}: there is no measurement docs/figures/$name"
  case ${words[0]} in
    output)
      printf '```\n%s\n```\n\n' "$(cat "$figures/$name.txt")"
      printf '<sub>[%s](figures/%s.json): %s.</sub>' "$name" "$name" "$(commands "$name"): $(origin "$name")"
      ;;
    mean) mean "${words[@]:1}" ;;
    found) found "$name" "${1#*"$name" }" ;;
    from) printf '%s: %s' "$(commands "$name")" "$(origin "$name")" ;;
    *) fail "{{$1}}: there is no directive ${words[0]}" ;;
  esac
}

# Prints template $1 with its directives filled in.
fill() {
  local line text
  while IFS= read -r line; do
    while [[ $line == *'{{'*'}}'* ]]; do
      text=${line#*'{{'}
      text=${text%%'}}'*}
      local filled
      filled=$(directive "$text")
      line=${line%%'{{'*}$filled${line#*"{{$text}}"}
    done
    printf '%s\n' "$line"
  done <"$figures/$1.template.md"
}

# Prints README.md with the table of figures between its marks made anew.
readme() {
  local table
  table=$(fill headline)
  TABLE=$table awk '
    /^<!-- figures: end/ { inside = 0 }
    !inside { print }
    /^<!-- figures: begin/ { print ENVIRON["TABLE"]; inside = 1 }' "$root/README.md"
}

mkdir -p "$target/docs"
for page in results speed; do
  text=$(fill "$page")
  printf '%s\n' "$text" >"$target/docs/$page.md"
done
text=$(readme)
printf '%s\n' "$text" >"$target/README.md"
