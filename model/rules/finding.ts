/** What a rule found wrong: the value seen, the value required, how to fix it. Policies, gates and providers word it alike. */
export interface Finding {
  seen: string;
  required: string;
  fix: string;
}

/** The first few of a list and how many more there are, for messages. */
export function some(items: readonly string[], shown = 3): string {
  const more = items.length - shown;
  return `${items.slice(0, shown).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
