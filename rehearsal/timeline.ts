import type { PortState, QualitySecond, TurnedAnswer } from "../sandbox/chronicle";

/** What the world noted beside the calls; the wall clock in ms or seconds since 1970. */
export interface Chronicle {
  answers: TurnedAnswer[];
  ports: PortState[];
  quality: QualitySecond[];
}

/** The same on the rehearsal's own axis: `second` is wall seconds since it began, as in the report's series. */
export interface TimeLine {
  /** Each time a resolver said something else of a customer's name than before. */
  answers: (Omit<TurnedAnswer, "wallMs"> & { second: number })[];
  /** Each change of a port order, or of a part split off it. */
  ports: (Omit<PortState, "wallMs"> & { second: number })[];
  /** MOS by wall second and path, as the organisation measured it. */
  quality: QualitySecond[];
}

const tenth = (n: number): number => Math.round(n * 10) / 10;

/** @param epochMs wall clock when the rehearsal began, ms since 1970. */
export function timeLineOf(chronicle: Chronicle, epochMs: number): TimeLine {
  const placed = <T extends { wallMs: number }>({ wallMs, ...rest }: T) => ({
    ...rest,
    second: tenth((wallMs - epochMs) / 1000),
  });
  return {
    answers: chronicle.answers.map(placed),
    ports: chronicle.ports.map(placed),
    quality: chronicle.quality
      .map((q) => ({ ...q, second: tenth(q.second - epochMs / 1000) }))
      .sort((a, b) => a.second - b.second),
  };
}
