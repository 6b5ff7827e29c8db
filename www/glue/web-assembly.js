// The `WebAssembly` of the glue. The build puts it in the place of the global, so that whatever is
// thrown out of an instance is known to be of this instance: a trap, and an error of a function that
// the instance has called. Stacks tell that neither in every browser nor in a bundle.

/** A function of the instance that records what it throws. `glue` is what `createGlue` returns. */
const recording =
  (call) =>
  (...values) => {
    try {
      return call(...values);
    } catch (error) {
      if (Object(error) === error) glue.thrown.add(error);
      throw error;
    }
  };

const recordingExports = (exports) =>
  Object.fromEntries(Object.entries(exports).map(([name, value]) => [name, typeof value === "function" ? recording(value) : value]));

/** A function of `WebAssembly` that makes an instance; undefined where the browser has none. */
const instantiator = (name) =>
  globalThis.WebAssembly?.[name] &&
  (async (...values) => {
    const { instance, module } = await globalThis.WebAssembly[name](...values);
    return { instance: { exports: recordingExports(instance.exports) }, module };
  });

export const WebAssembly = {
  get instantiate() {
    return instantiator("instantiate");
  },
  get instantiateStreaming() {
    return instantiator("instantiateStreaming");
  },
};
