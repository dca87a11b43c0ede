import { join, resolve } from "node:path";
import { JournalDir } from "../daily/advance/journal";

/** Where a stack's journal, holder and pause are; its audit log too, unless `--audit` names another place. */
export const journalDir = (stack: string, dir?: string): JournalDir =>
  new JournalDir(resolve(dir ?? join(".cutover", stack, "advance")));
