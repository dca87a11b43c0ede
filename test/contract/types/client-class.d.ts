/** Stands in for an SDK whose default export is a client class, where it is not installed. */
declare class Client {
  constructor(options?: unknown);
  // biome-ignore lint/suspicious/noExplicitAny: nothing is known of the SDK here
  [name: string]: any;
}
export default Client;
