#!/usr/bin/env bash
# Posts or updates one note of a merge request: gitlab-note.sh FILE. Needs curl, jq, GITLAB_NOTE_TOKEN (scope api) and GitLab's CI variables.
set -euo pipefail
file=${1:?usage: gitlab-note.sh FILE}
marker="<!-- cutover-comment ${CUTOVER_STACK:?} -->"
notes="$CI_API_V4_URL/projects/$CI_PROJECT_ID/merge_requests/$CI_MERGE_REQUEST_IID/notes"
api() { curl --fail --silent --show-error --header "PRIVATE-TOKEN: $GITLAB_NOTE_TOKEN" --header "content-type: application/json" "$@"; }
id=$(api "$notes?per_page=100" | jq -r --arg marker "$marker" '[.[] | select(.body | startswith($marker))][0].id // empty')
body=$(jq -Rs --arg marker "$marker" '{body: ($marker + "\n" + .)}' < "$file")
if [ -n "$id" ]; then api --request PUT "$notes/$id" --data "$body" > /dev/null; else api --request POST "$notes" --data "$body" > /dev/null; fi
