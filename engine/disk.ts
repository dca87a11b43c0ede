/** The checkpoint on disk: a reader sees the file before or after a write, never half of one, also after a power cut. */
import { copyFile, link, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/** Where the file before the last write is kept, as Pulumi's file backend has it. */
export const backupOf = (file: string): string => `${file}.bak`;

/**
 * Replaces `file` by `text`: written beside it, flushed to the disk, the old file kept as `.bak`, the new one moved into
 * its place. Rejects with the file system's error; `file` is then what it was. One writer at a time (the stack's lock).
 */
export async function writeAtomically(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const next = `${file}.next`;
  const h = await open(next, "w", 0o600);
  try {
    await h.writeFile(text);
    await h.sync();
  } finally {
    await h.close();
  }
  await keepOld(file);
  await rename(next, file);
  await syncDirectory(dirname(file));
}

/** The old file stays in its place meanwhile: between the two moves there is always a whole one. */
async function keepOld(file: string): Promise<void> {
  const spare = `${backupOf(file)}.next`;
  await rm(spare, { force: true });
  try {
    await link(file, spare).catch((e: NodeJS.ErrnoException) => {
      if (e.code === "ENOENT") throw e;
      // A file system without hard links.
      return copyFile(file, spare);
    });
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code === "ENOENT") return;
    throw e;
  }
  await rename(spare, backupOf(file));
}

/** A rename is on the disk when its directory is. */
async function syncDirectory(dir: string): Promise<void> {
  const h = await open(dir, "r");
  try {
    await h.sync();
  } catch (e) {
    // Some file systems (network mounts) cannot flush a directory: the rename itself is done.
    if (!["EINVAL", "ENOTSUP", "EPERM"].includes((e as NodeJS.ErrnoException).code ?? "")) throw e;
  } finally {
    await h.close();
  }
}
