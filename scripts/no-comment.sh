#!/usr/bin/env bash
# What a pull request is told when `cutover plan` could make no comment: no-comment.sh STACK FILE, with FILE holding what it said instead. Else the
# comment of an earlier push would stand there as if it were of this one.
set -euo pipefail
printf '## Cutover %s: no comment could be made\n\n❌ **May not be merged.** `cutover plan` ended with a mistake in arguments or files:\n\n```text\n' "$1"
# Nothing in it may end the fence; GitHub takes 65,536 characters.
head -c 50000 "$2" | sed "s/\`\`\`/'''/g"
printf '\n```\n'
