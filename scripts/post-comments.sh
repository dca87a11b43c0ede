#!/usr/bin/env bash
# Posts or updates one comment for each stack: post-comments.sh DIR, with DIR/comment-(estate|gathered)-<stack>/<stack>.md.
# Needs gh, jq, GH_TOKEN, REPO, HEAD_SHA, HEAD_BRANCH, HEAD_OWNER. The pull request is found by its head, never by what the files say.
set -euo pipefail
dir=${1:?usage: post-comments.sh DIR}
[ -d "$dir" ] || { echo "nothing to post"; exit 0; }

pr=$(gh api --method GET "repos/$REPO/pulls" -f state=open -f head="$HEAD_OWNER:$HEAD_BRANCH" |
  jq --arg sha "$HEAD_SHA" '[.[] | select(.head.sha == $sha)][0].number // empty')
[ -n "$pr" ] || { echo "no open pull request has the head $HEAD_SHA: a newer run posts"; exit 0; }

# Gathered evidence outranks the estate alone.
for stack in $(find "$dir" -mindepth 2 -maxdepth 2 -type f -name '*.md' -printf '%f\n' | sed 's/\.md$//' | sort -u); do
  [[ $stack =~ ^[A-Za-z0-9_-]{1,64}$ ]] || { echo "not a stack's name: $stack"; continue; }
  file="$dir/comment-gathered-$stack/$stack.md"
  [ -f "$file" ] || file="$dir/comment-estate-$stack/$stack.md"
  [ -f "$file" ] || continue
  marker="<!-- cutover-comment $stack -->"
  # GitHub takes 65,536 characters; what is longer was not made by cutover plan.
  body=$(jq -Rs --arg marker "$marker" '{body: ($marker + "\n" + .[0:65000])}' < "$file")
  id=$(gh api --paginate "repos/$REPO/issues/$pr/comments" |
    jq -rs --arg marker "$marker" '[.[][] | select(.user.type == "Bot" and (.body | startswith($marker)))][0].id // empty')
  if [ -n "$id" ]; then
    gh api --method PATCH "repos/$REPO/issues/comments/$id" --input - <<< "$body" > /dev/null
  else
    gh api --method POST "repos/$REPO/issues/$pr/comments" --input - <<< "$body" > /dev/null
  fi
  echo "comment of $stack posted on #$pr"
done
