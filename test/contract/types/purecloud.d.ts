/** Stands in for the SDK where it is not installed: the suite's own code is checked, the SDK's types are not. */
// biome-ignore lint/suspicious/noExplicitAny: nothing is known of the SDK here
declare const platformClient: any;
declare namespace platformClient {
  namespace Models {
    // biome-ignore lint/suspicious/noExplicitAny: nothing is known of the SDK here
    type ArchitectJobStateResponse = any;
  }
}
export default platformClient;
