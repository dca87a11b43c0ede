/** A Chromium of this machine, driven over a pipe by the DevTools protocol: nothing is downloaded, no port is opened. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome-stable",
  "/usr/bin/google-chrome",
];
/** A command that takes longer than this has hung, ms. */
const ANSWER_MS_MAX = 20_000;

/** Path of a Chromium: CHROMIUM, or where distributions put it. Undefined when there is none. */
export const findChromium = () => [process.env.CHROMIUM, ...PLACES].find((path) => path && existsSync(path));

/** Ended processes take a moment to let go of their files. What is left after that is the browser's litter and says nothing of a page. */
async function removed(dir) {
  for (let tries = 0; tries < 20; tries++) {
    try {
      return rmSync(dir, { recursive: true, force: true });
    } catch {
      await sleep(100);
    }
  }
}

/** Starts a headless Chromium with a profile of its own. @returns its page, and a way to end it. */
export async function startChromium(path) {
  const profile = mkdtempSync(join(tmpdir(), "cutover-chromium-"));
  const args = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--no-first-run",
    "--remote-debugging-pipe",
    `--user-data-dir=${profile}`,
    "about:blank",
  ];
  // A group of its own: its helper processes write into the profile until they are ended too.
  const child = spawn(path, args, { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"], detached: true });
  const exited = new Promise((resolve) => child.once("exit", resolve));
  const waiting = new Map();
  const listeners = [];
  let nextId = 1;
  let rest = "";
  child.stdio[4].on("data", (data) => {
    const messages = (rest + data).split("\0");
    rest = messages.pop();
    for (const text of messages) {
      const message = JSON.parse(text);
      if (message.id === undefined) for (const listen of listeners) listen(message);
      else waiting.get(message.id)?.(message);
      waiting.delete(message.id);
    }
  });
  child.stdio[3].on("error", () => {});
  const send = (method, params = {}, sessionId) =>
    new Promise((resolve, reject) => {
      const id = nextId++;
      const timer = setTimeout(() => reject(new Error(`${method}: no answer in ${ANSWER_MS_MAX} ms`)), ANSWER_MS_MAX);
      waiting.set(id, (message) => {
        clearTimeout(timer);
        if (message.error) reject(new Error(`${method}: ${message.error.message}`));
        else resolve(message.result);
      });
      child.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  const close = async () => {
    if (child.pid && child.exitCode === null && child.signalCode === null) process.kill(-child.pid, "SIGKILL");
    await exited;
    await removed(profile);
  };
  try {
    const { targetId } = await send("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
    const page = (method, params) => send(method, params, sessionId);
    return { page, on: (listen) => listeners.push(listen), close };
  } catch (error) {
    await close();
    throw error;
  }
}
