import type { Verdict } from "./facts";

/** One line: `port-live (failed): seen ...; required ...; <what to do>`. A rehearsal and `cutover advance` find the refusing policy in it. */
export const formatVerdict = ({ gate, status, seen, required, fix }: Verdict): string =>
  `${gate} (${status}): seen ${seen}; required ${required}; ${fix}`;
