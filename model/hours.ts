/** What a call route opens outside its open hours, and by which schedules: ids at Genesys, left out where there is none. */
export interface Hours {
  closedHoursFlowId?: string;
  holidayHoursFlowId?: string;
  scheduleGroupId?: string;
}

const WORDS: Record<keyof Hours, string> = {
  closedHoursFlowId: "closed-hours flow",
  holidayHoursFlowId: "holiday flow",
  scheduleGroupId: "schedule group",
};

/** What two call routes do not have alike outside the open hours, in words; empty when they are alike. Empty and left out are the same. */
export function hoursDifference(a: Hours, b: Hours): string[] {
  return (Object.keys(WORDS) as (keyof Hours)[])
    .filter((key) => (a[key] || undefined) !== (b[key] || undefined))
    .map((key) => WORDS[key]);
}
