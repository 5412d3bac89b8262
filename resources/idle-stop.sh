#!/bin/sh
# Powers the machine off when no SSM session has been open for a while. A timer runs it every minute; it says what changes, and why.
#
# usage: idle-stop.sh MINUTES [PROC]
#
# The SSM agent carries each session in a process of its own, ssm-session-worker. That none is seen means that none is open only where
# one would be seen: the agent runs, and has that program beside its own. Otherwise the machine stays on until it is up for 8 hours.
set -u

OPEN='a session is open'
NONE='no session is open'
UNSURE='cannot tell whether the bastion is idle'
EIGHT_HOURS=28800

proc=${2:-/proc}
memory=${RUNTIME_DIRECTORY:-/run/bastion-idle-stop}/last-session

say() { printf '%s\n' "$1"; }

is_count() {
  case $1 in '' | *[!0-9]* | 0?* | ??????????*) return 1 ;; esac
}

# By the clock that nobody sets. Where it cannot be read, a run is a minute.
read_uptime() {
  uptime=
  { read -r uptime _ <"$proc/uptime"; } 2>/dev/null
  uptime=${uptime%%.*}
  is_count "$uptime" || uptime=$(($1 + 60))
}

# Sets `uptime`, `last`, the uptime at which a session was last seen, and `told`, what the run before found.
# The memory is in /run, so that each boot starts anew.
recall() {
  if { read -r last before told <"$memory"; } 2>/dev/null && is_count "$last" && is_count "$before"; then
    read_uptime "$before"
    [ "$last" -le "$before" ] && [ "$before" -le "$uptime" ] && return
  else
    read_uptime 0
  fi
  told=
  last=$uptime
  if [ -e "$memory" ]; then
    say "$memory makes no sense: counting from now"
  elif [ "$uptime" -lt "$limit" ]; then
    last=0
  fi
}

# Writes over what is there, so that it is never empty. systemd starts one run at a time.
remember() {
  { printf '%s %s %s\n' "$last" "$uptime" "$found" 1<>"$memory"; } 2>/dev/null
}

# The program that a process runs; nothing where it cannot be read.
program_of() {
  readlink "$1/exe" 2>/dev/null
}

# Whether a program has this name, or had it until an update put a new file in its place.
is_named() {
  case ${1##*/} in "$2" | "$2"[!A-Za-z0-9_-]*) ;; *) return 1 ;; esac
}

# Sets `found`. The kernel cuts the name of a process to 15 characters, and calls a script by the name of its file: only the program is sure.
look() {
  found="$UNSURE: no SSM agent is seen"
  for process in "$proc"/[0-9]*; do
    { read -r status <"$process/stat"; } 2>/dev/null || continue
    case $status in
      "${process##*/} (ssm-session-wor) "[ZX]*) ;; # It has ended.
      "${process##*/} (ssm-session-wor) "*)
        program=$(program_of "$process")
        if [ -z "$program" ] || is_named "$program" ssm-session-worker; then
          found=$OPEN
          return
        fi
        ;;
      "${process##*/} (amazon-ssm-agen) "* | "${process##*/} (ssm-agent-worke) "*)
        [ "$found" = "$NONE" ] || look_at_agent "$process"
        ;;
    esac
  done
}

look_at_agent() {
  program=$(program_of "$1")
  if [ -z "$program" ]; then
    found="$UNSURE: the program of the SSM agent cannot be read"
  elif is_named "$program" amazon-ssm-agent || is_named "$program" ssm-agent-worker; then
    worker=${program%/*}/ssm-session-worker
    if [ -x "$worker" ]; then found=$NONE; else found="$UNSURE: there is no $worker"; fi
  fi
}

# Looks, and remembers what it found.
check() {
  look
  [ "$found" = "$OPEN" ] && last=$uptime
  if ! remember && [ "$found" != "$OPEN" ]; then
    found="$UNSURE: $memory cannot be written"
    last=0
  fi
  idle=$((uptime - last))
}

is_due() {
  [ "$found" != "$OPEN" ] && [ "$idle" -ge "$limit" ] && { [ "$found" = "$NONE" ] || [ "$uptime" -ge "$EIGHT_HOURS" ]; }
}

tell() {
  case $found in
    "$told") ;;
    "$OPEN") say "$found: stays on" ;;
    "$NONE") say "$found: powers off in $(((limit - idle + 59) / 60)) min, unless one is opened" ;;
    *) say "$found: does not power off before it is up for 8 hours" ;;
  esac
}

if is_count "${1-}" && [ "$1" -gt 0 ]; then
  limit=$(($1 * 60))
else
  limit=$EIGHT_HOURS
  NONE="$NONE, and \"${1-}\" is no number of minutes"
fi

recall
check
if is_due; then
  say "$found: powering off after $((idle / 60)) min without a session"
  check # One may have been opened since.
fi
if ! is_due; then
  tell
  exit
fi
if ! systemctl poweroff; then
  say 'systemctl poweroff failed: trying again in a minute'
  exit 1
fi
