// How the engine is bundled, whatever it is bundled with.
/**
 * Pulumi's SDK stays outside, for it keeps state that a program and whoever runs it share; the messages it speaks keep none, and are
 * inside, with the one grpc-js they are spoken over.
 */
export const sdkOutside = {
  name: "sdk-outside",
  setup: (b) => {
    b.onResolve({ filter: /^@pulumi\// }, ({ path }) =>
      path.startsWith("@pulumi/pulumi/proto/") ? undefined : { path, external: true },
    );
  },
};
