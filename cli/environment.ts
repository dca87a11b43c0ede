import { SANDBOX_CREDENTIALS } from "../rehearsal/stack";

/**
 * Credentials come from the environment and nowhere else; a sandbox's world knows its own only, which open nothing but a loopback world.
 * Probes are processes of their own and inherit this one's environment, so it is set here.
 */
export function takeEnvironment(o: { world?: string }): NodeJS.ProcessEnv {
  if (o.world !== undefined) Object.assign(process.env, SANDBOX_CREDENTIALS);
  return process.env;
}
